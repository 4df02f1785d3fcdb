import { test as base, expect, type Locator, type Page } from '@playwright/test';
import { defaultExperiment } from '../src/experiment/defaults.ts';
import type { Experiment, MlpExperiment } from '../src/experiment/experiment.ts';
import { experimentToHash } from '../src/experiment/link.ts';

/** A sweep that any engine finishes in moments, software adapters included. */
export const smallExperiment: MlpExperiment = {
  ...defaultExperiment,
  title: 'Small sweep',
  architecture: { kind: 'mlp', widths: [4, 8, 3], activation: 'linear', bias: false },
  conservedQuantity: { kind: 'total', layerPair: 0, value: 1, sweep: { from: -4, to: 4, count: 5 } },
  flow: { integrator: 'dormand-prince', tolerance: 1e-6, time: 60 },
  record: { count: 60, spacing: 'log', parameters: 'final' },
};

/** A row of the table "Flows": cell text by column header. */
export type FlowRow = Record<string, string>;

/** A jump of the ledger: its title, and the numbers of each quantity. */
export interface LedgerJump {
  readonly title: string;
  readonly rows: Readonly<
    Record<string, { readonly before: number; readonly after: number; readonly change: number }>
  >;
}

/** The page as a user knows it: by role and accessible name. */
export class ExplorerPage {
  readonly page: Page;
  readonly q: Locator;
  readonly time: Locator;
  readonly status: Locator;

  constructor(page: Page) {
    this.page = page;
    this.q = page.getByRole('slider', { name: 'Conserved quantity Q' });
    this.time = page.getByRole('slider', { name: 'Time' });
    this.status = page.getByRole('status');
  }

  /** Opens an experiment by its link; null: the page as it opens by itself. `query` is '' or begins with '?'. */
  async open(experiment: Experiment | null = smallExperiment, query = ''): Promise<void> {
    await this.page.goto(`./${query}${experiment ? experimentToHash(experiment) : ''}`);
    await expect(this.status).toContainText(/float(32|64)/);
  }

  async choose(name: string, option: string): Promise<void> {
    await this.page.getByRole('combobox', { name, exact: true }).selectOption({ label: option });
  }

  /** The rows of "Flows" at the cursor. */
  async flows(): Promise<FlowRow[]> {
    return this.page.getByRole('table', { name: 'Flows' }).evaluate((table) => {
      const cells = (row: Element) =>
        [...row.querySelectorAll('th, td')].map((cell) => cell.textContent?.trim() ?? '');
      const [head, ...rows] = [...table.querySelectorAll('tr')];
      const names = cells(head!);
      return rows.map((row) => Object.fromEntries(cells(row).map((text, index) => [names[index]!, text])));
    });
  }

  /** The ledger of jumps, which must be open; empty while there is none. */
  async jumps(): Promise<LedgerJump[]> {
    const groups = await this.page.getByRole('table', { name: 'Jumps' }).evaluateAll(([table]) =>
      [...(table?.querySelectorAll('tbody') ?? [])].map((group) => ({
        title: group.querySelector('button')?.textContent ?? '',
        cells: [...group.querySelectorAll('tr')].map((row) =>
          [...row.querySelectorAll('th, td')].map((cell) => cell.textContent ?? ''),
        ),
      })),
    );
    return groups.map(({ title, cells }) => ({
      title,
      rows: Object.fromEntries(
        cells
          .filter((row) => row.length === 4)
          .map(([name, before, after, change]) => [
            name!,
            { before: number(before!), after: number(after!), change: number(change!) },
          ]),
      ),
    }));
  }

  /** Opens a document as a file. */
  async import(document: unknown): Promise<void> {
    const chooser = this.page.waitForEvent('filechooser');
    await this.page.getByRole('button', { name: 'Import' }).click();
    const buffer = Buffer.from(JSON.stringify(document));
    await (await chooser).setFiles({ name: 'document.json', mimeType: 'application/json', buffer });
  }

  /** The row of the steered flow, once there is one. */
  async steered(): Promise<FlowRow> {
    await expect(this.page.getByRole('table', { name: 'Flows' }).locator('tbody tr').first()).toBeAttached();
    return (await this.flows())[0]!;
  }

  /** The number that the Q slider says. */
  async qValue(): Promise<number> {
    return number((await this.q.getAttribute('aria-valuetext')) ?? '');
  }

  /** Waits until nothing is being computed any more. */
  async finished(): Promise<void> {
    await expect(this.page.getByRole('button', { name: 'Cancel' })).toBeDisabled({ timeout: 45_000 });
    await expect
      .poll(async () => (await this.flows()).every((row) => !/^(running|)$/i.test(row.Outcome ?? '')), {
        timeout: 45_000,
      })
      .toBe(true);
  }

  /** The 3-D view as a PNG, from the camera's own place. */
  async picture(): Promise<Buffer> {
    await this.page.getByRole('button', { name: 'Fit view' }).click();
    await this.page.waitForTimeout(1000);
    return this.page.getByRole('img', { name: /landscape/i }).screenshot();
  }

  /** Pauses and puts the time slider to its end or start. */
  async seek(key: 'Home' | 'End'): Promise<void> {
    const pause = this.page.getByRole('button', { name: 'Pause' });
    if (await pause.isVisible()) await pause.click();
    await this.time.focus();
    await this.page.keyboard.press(key);
    await this.settled();
  }

  /** Waits until the table, which follows the cursor a few times a second, has come to rest. */
  private async settled(): Promise<void> {
    let before = '';
    await expect(async () => {
      const now = JSON.stringify(await this.flows());
      const same = now === before;
      before = now;
      expect(same).toBe(true);
    }).toPass({ intervals: [500] });
  }
}

/** The number in a text such as 'Q = −2.5' or '3.1×10⁻⁴'. */
export function number(text: string): number {
  const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';
  const plain = text
    .replaceAll('−', '-')
    .replaceAll('⁻', '-')
    .replaceAll(/[⁰¹²³⁴⁵⁶⁷⁸⁹]/g, (digit) => String(superscripts.indexOf(digit)))
    .replaceAll(/\s*[×·]\s*10/g, 'e')
    .replaceAll(/(?<=\d)[\s\u2009\u202f](?=\d)/g, '');
  const found = /-?\d+(\.\d+)?(e[-+]?\d+)?/i.exec(plain);
  return found ? Number(found[0]) : Number.NaN;
}

/** A page opened on the default preset; the test fails on any console error or uncaught exception. */
export const test = base.extend<{ explorer: ExplorerPage }>({
  explorer: async ({ page }, use) => {
    const errors: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    page.on('pageerror', (error) => errors.push(String(error)));
    const explorer = new ExplorerPage(page);
    await use(explorer);
    expect(errors).toEqual([]);
  },
});

export { expect };
