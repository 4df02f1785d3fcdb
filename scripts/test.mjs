import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureChromium, softwareVulkan } from './chromium.mjs';
import { ensureDependencies, root } from './dependencies.mjs';

/**
 * npm test: installs what is missing, then runs every check and ends with the line `N passed, N failed`.
 * Each check counts its tests; one that has none (format, lint, types, build) counts as one. A skipped test counts as failed.
 */
ensureDependencies();
const chromium = ensureChromium();
const reports = mkdtempSync(join(tmpdir(), 'orbitscape-test-'));
const vulkan = softwareVulkan(chromium);
const environment = {
  ...process.env,
  ORBITSCAPE_CHROMIUM: chromium,
  ...(vulkan ? { VK_ICD_FILENAMES: vulkan } : {}),
  PLAYWRIGHT_JSON_OUTPUT_NAME: join(reports, 'browser.json'),
};

const readReport = (name) => {
  try {
    return JSON.parse(readFileSync(join(reports, name), 'utf8'));
  } catch {
    return null;
  }
};

const countUnit = () => {
  const report = readReport('unit.json');
  if (!report) return null;
  const skipped = report.numPendingTests + report.numTodoTests;
  const suites = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  return { passed: report.numPassedTests, failed: report.numFailedTests + suites.length, skipped };
};

const countBrowser = () => {
  const stats = readReport('browser.json')?.stats;
  return stats
    ? { passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped }
    : null;
};

const npm = (script, ...words) => [
  'npm',
  ['run', '--silent', script, ...(words.length ? ['--', ...words] : [])],
];
const checks = [
  { name: 'format', command: npm('check:format') },
  { name: 'lint', command: npm('check:lint') },
  { name: 'types', command: npm('check:types') },
  { name: 'build', command: npm('build') },
  {
    name: 'unit and property tests',
    command: npm(
      'test:unit',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${join(reports, 'unit.json')}`,
    ),
    count: countUnit,
  },
  { name: 'browser tests', command: npm('test:browser', '--reporter=line,json'), count: countBrowser },
];

let passed = 0;
let failed = 0;
const lines = [];
for (const { name, command, count } of checks) {
  console.log(`\n── ${name}`);
  const [program, words] = command;
  const { status } = spawnSync(program, words, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: environment,
    shell: process.platform === 'win32',
  });
  const counted = count?.() ?? { passed: 0, failed: 0, skipped: 0 };
  if (!count) counted[status === 0 ? 'passed' : 'failed'] = 1;
  const unsaid = status !== 0 && counted.failed + counted.skipped === 0;
  passed += counted.passed;
  failed += counted.failed + counted.skipped + (unsaid ? 1 : 0);
  const skipped = counted.skipped ? `, ${counted.skipped} skipped (counted as failed)` : '';
  lines.push(
    `${status === 0 && !counted.skipped ? 'ok  ' : 'FAIL'} ${name}: ${counted.passed} passed, ${counted.failed} failed${skipped}`,
  );
}
rmSync(reports, { recursive: true, force: true });
console.log(`\n${lines.join('\n')}\n\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
