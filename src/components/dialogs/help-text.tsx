import { Formula } from './formula.tsx';

/** What is conserved, and when. */
export function HelpQuantity() {
  return (
    <section>
      <h3>What Q is</h3>
      <p>
        Training follows the gradient downhill. Rescaling a hidden unit, what enters by c and what leaves by
        1/c, changes the parameters of a linear or ReLU network and not its function. Each such symmetry gives
        a number that gradient flow cannot change, for any data and any loss:
      </p>
      <Formula
        tex="q_k = \tfrac12\,\lVert W_{\mathrm{out}}[:,k]\rVert^2 - \tfrac12\bigl(\lVert W_{\mathrm{in}}[k,:]\rVert^2 + b_k^2\bigr), \qquad Q = \sum_k q_k"
        words="q of unit k is half the squared norm of its outgoing weights minus half the squared norm of its incoming weights and bias; Q is the sum over units"
      />
      <p>
        Smooth activations such as tanh and sigmoid have one too, for their first hidden layer, if the samples
        are orthonormal (the whitened data). With pre-activations z:
      </p>
      <Formula
        tex="q_k = \tfrac12\,\lVert W_{\mathrm{out}}[:,k]\rVert^2 - \sum_j S(z_{kj}), \qquad S(x) = \int_0^x \frac{\sigma(s)}{\sigma'(s)}\,\mathrm{d}s"
        words="q of unit k is half the squared norm of its outgoing weights minus the sum over samples of S of its pre-activation, where S is the integral of sigma over its derivative"
      />
      <p>
        On other data this Q drifts. The page says so, and the chart of the drift shows how much. A finite
        step also makes Q drift: gradient descent in proportion to the step size, Runge–Kutta 4 to its fourth
        power.
      </p>
    </section>
  );
}

/** How the slider works. */
export function HelpSetting() {
  return (
    <section>
      <h3>How Q is set</h3>
      <p>
        Where there is a rescaling symmetry, the slider moves the start along its orbit: the function and the
        loss stay as they are, and only Q changes.
      </p>
      <Formula
        tex="W_{\mathrm{in}}[k,:] \to c_k W_{\mathrm{in}}[k,:], \qquad b_k \to c_k b_k, \qquad W_{\mathrm{out}}[:,k] \to W_{\mathrm{out}}[:,k] / c_k"
        words="incoming weights and bias of unit k are multiplied by c k, outgoing weights are divided by it"
      />
      <p>
        Elsewhere the outer layer is scaled. That changes the function, and Q cannot fall below what the inner
        layer contributes. Q = 0 is balance; the marks show where the chosen initialisation puts Q. Large |Q|
        makes the valley narrow: faster and sharper minima.
      </p>
    </section>
  );
}

/** What a jump is, and how to read the ledger. */
export function HelpTeleportation() {
  return (
    <section>
      <h3>Teleportation</h3>
      <p>
        A symmetry moves the parameters along an orbit on which the loss is the same everywhere and the
        gradient is not. Teleportation climbs the orbit to a point that serves an objective, such as a larger
        gradient, and lets the flow go on from there:
      </p>
      <Formula
        tex="\theta \;\mapsto\; g \cdot \theta, \qquad g = e^{X_n} \cdots e^{X_1}, \qquad L(g \cdot \theta) = L(\theta)"
        words="theta goes to g times theta, where g is a product of exponentials of elements of the Lie algebra, and the loss of g times theta is the loss of theta"
      />
      <p>
        The ascent takes exact group elements and never makes the objective worse. On linear networks the
        gradient can grow without bound along the orbit, so the distance is limited; a steeper place is also a
        sharper one, and the ledger says below which step size gradient descent is stable there. Between jumps
        Q is kept; at a jump it changes. The twin, drawn dashed, starts at the same point and does not jump.
      </p>
      <dl className="help-list">
        <dt>Groups</dt>
        <dd>
          GL(h) for linear networks, positive factors for every unit of homogeneous activations, one factor
          per layer or rotations for radial ones, rotations for the test functions. Two further actions of
          GL(h) work for other activations, but only on the present data.
        </dd>
        <dt>Rotations</dt>
        <dd>
          They keep lengths, so the gradient norm and the sharpness stay as they are: teleporting by them
          gains nothing.
        </dd>
        <dt>Jumps</dt>
        <dd>
          The ledger has loss, gradient norm, sharpness and Q before and after each jump, how far it went in
          the group and in the parameters, and its cost in gradients. The title of a jump takes the cursor
          there.
        </dd>
      </dl>
    </section>
  );
}

/** The panels Symmetry and Orbit. */
export function HelpSymmetry() {
  return (
    <section>
      <h3>Symmetry and orbit</h3>
      <dl className="help-list">
        <dt>Symmetry</dt>
        <dd>
          Which groups act on the network and what they keep. Measure checks the theory without using it: flat
          directions are zero eigenvalues of the Hessian at the end of the steered flow, generators are found
          from gradients alone, and conservation laws are counted from the Lie algebra of the gradients.
        </dd>
        <dt>Matrix Q</dt>
        <dd>
          Linear networks keep a whole symmetric matrix; its diagonal holds the q of each unit. Rotations keep
          none: they only constrain how the parameters move.
        </dd>
        <dt>Canonical form</dt>
        <dd>
          Brings two ends to the same order, signs and scales of units. If the barrier between them goes, they
          were one minimum up to symmetry.
        </dd>
        <dt>Orbit</dt>
        <dd>
          Slides the present point of the steered flow along exp(sX). The loss is flat; gradient norm,
          sharpness and Q change. The curve and its point are on the chart too.
        </dd>
      </dl>
    </section>
  );
}

/** The charts of parameter space. */
export function HelpCharts() {
  return (
    <section>
      <h3>The charts</h3>
      <dl className="help-list">
        <dt>Q-valley</dt>
        <dd>
          Across, Q. In depth, the distance from the minimum that each flow reaches, along the straight line
          to its start. Height, the true loss there. The bright floor is the curve of minima, coloured by the
          largest eigenvalue of the Hessian. Conservation is what keeps each path at its Q.
        </dd>
        <dt>Exact</dt>
        <dd>
          The two parameters of the network u v = y, and its whole landscape. The curves on it are hyperbolas
          of constant Q. For a test function they are its orbits, the level curves of the loss.
        </dd>
        <dt>Orbit</dt>
        <dd>
          Across, the group parameter s of exp(sM); in depth, the distance from the minimum. The loss is the
          same at every s: the trough that the symmetry carves.
        </dd>
        <dt>Plane</dt>
        <dd>
          The two directions along which the flows spread most (principal components), with the variance they
          explain.
        </dd>
      </dl>
      <p>
        Heights are true losses of true parameters. What a chart cannot show is told as the distance off the
        chart. Colour means Q everywhere: blue below zero, grey at balance, orange above.
      </p>
    </section>
  );
}

/** Where the numbers are computed. */
export function HelpEngines() {
  return (
    <section>
      <h3>The engines</h3>
      <dl className="help-list">
        <dt>cpu</dt>
        <dd>In float64, on all processors but one: the reference for the others.</dd>
        <dt>webgpu</dt>
        <dd>
          Many flows at once on the graphics card, in float32 with compensated updates, for networks small
          enough to stay in its fast memory.
        </dd>
        <dt>tfjs</dt>
        <dd>TensorFlow.js, in float32, for large networks and data.</dd>
      </dl>
      <p>
        With auto, each engine is timed for a tenth of a second, once per device, and the one that is expected
        to finish first computes the flows; a short run starts at once on the processor. The line under the
        picture says which engine runs, why, and how long it takes. An engine is compared with the processor
        before it is used, and one that computes something else is not.
      </p>
    </section>
  );
}

const keys: readonly (readonly [string, string])[] = [
  ['Space', 'play or pause'],
  ['J', 'teleport from where the cursor is'],
  ['T', 'the picture as a table'],
  ['?', 'this page'],
  ['← →', 'move the focused slider; Page Up and Page Down by more, Home and End to its ends'],
  ['Enter, Escape', 'take or leave what is typed in a field'],
  ['Ctrl Z, Ctrl Shift Z', 'undo, redo'],
];

/** What the keyboard does. */
export function HelpKeys() {
  return (
    <section>
      <h3>Keys</h3>
      <dl className="help-list help-keys">
        {keys.map(([key, effect]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{effect}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

const papers: readonly (readonly [string, string])[] = [
  [
    'Zhao, Ganev, Walters, Yu, Dehmamy: Symmetries, flat minima, and the conserved quantities of gradient flow. ICLR 2023.',
    'https://arxiv.org/abs/2210.17216',
  ],
  [
    'Zhao, Dehmamy, Walters, Yu: Symmetry teleportation for accelerated optimization. NeurIPS 2022.',
    'https://arxiv.org/abs/2205.10637',
  ],
  [
    'Zhao, Gower, Walters, Yu: Improving convergence and generalization using parameter symmetries. ICLR 2024.',
    'https://arxiv.org/abs/2305.13404',
  ],
  [
    'Ganev, van Laarhoven, Walters: Universal approximation and model compression for radial neural networks. 2021.',
    'https://arxiv.org/abs/2107.02550',
  ],
];

/** Where the theory comes from. */
export function HelpPapers() {
  return (
    <section>
      <h3>Sources</h3>
      <ul className="help-papers">
        {papers.map(([title, url]) => (
          <li key={url}>
            <a href={url} target="_blank" rel="noreferrer">
              {title}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
