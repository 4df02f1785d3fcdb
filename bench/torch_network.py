"""Multilayer perceptrons in PyTorch (float32, CPU, one thread): what a user would run instead.

usage: torch_network.py TASK WIDTHS ACTIVATION SAMPLES ROWS TIMES     for instance: torch_network.py step 16-64-64-4 relu 256 1 100
  step      gradient descent, ROWS flows at once                 hvp       Hessian-vector products of ROWS rows by double backward
  surface   losses of ROWS points of a plane, in batches         prints JSON: microseconds for all rows, once
Inputs and targets N(0,1), mean squared error, no biases. SAMPLES = 0: inputs = identity.
"""
import json, sys, time
import torch

task, widths, activation, samples, rows, times = sys.argv[1:]
widths = [int(width) for width in widths.split('-')]
samples, rows, times = int(samples), int(rows), int(times)
torch.set_num_threads(1)
torch.manual_seed(0)
sigma = {'tanh': torch.tanh, 'relu': torch.relu, 'sigmoid': torch.sigmoid, 'linear': lambda z: z}[activation]
X = torch.randn(samples, widths[0]) if samples else torch.eye(widths[0])
Y = torch.randn(len(X), widths[-1])
shapes = list(zip(widths[:-1], widths[1:]))
BATCH = 4096

def draw(count):
    """Weights [inputs][outputs] of every layer; [count][inputs][outputs] when there are several rows."""
    lead = [] if count == 1 else [count]
    return [torch.randn(*lead, n, m) * (2 / n) ** 0.5 for n, m in shapes]

def losses(weights):
    z = X
    for i, W in enumerate(weights):
        z = (sigma(z) if i else z) @ W
    return ((z - Y) ** 2).mean((-1, -2))

weights = [W.requires_grad_() for W in draw(rows if task != 'surface' else 1)]
vectors = draw(rows if task != 'surface' else 1)
planes = [(W.detach(), a, b) for W, a, b in zip(weights, draw(1), draw(1))]
side = int(rows ** 0.5)
A, B = torch.meshgrid(torch.linspace(-1, 1, side), torch.linspace(-1, 1, side), indexing='ij')
A, B = A.reshape(-1, 1, 1), B.reshape(-1, 1, 1)

def step():
    gradients = torch.autograd.grad(losses(weights).sum(), weights)
    with torch.no_grad():
        for W, dW in zip(weights, gradients):
            W.sub_(0.01 * dW)

def hvp():
    gradients = torch.autograd.grad(losses(weights).sum(), weights, create_graph=True)
    along = sum((g * v).sum() for g, v in zip(gradients, vectors))
    return torch.autograd.grad(along, weights)

@torch.no_grad()
def surface():
    return torch.cat([losses([W + a * A[i:i + BATCH] + b * B[i:i + BATCH] for W, a, b in planes]) for i in range(0, rows, BATCH)])

work = {'step': step, 'hvp': hvp, 'surface': surface}[task]
for _ in range(max(1, min(20, times // 20))):
    work()
start = time.perf_counter()
for _ in range(times):
    work()
print(json.dumps({'us': (time.perf_counter() - start) / times * 1e6}))
