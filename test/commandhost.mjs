// Runs the built command again and again in one process: for each list of arguments that is sent, what bin/trailbus would do with it.
const COMMAND = new URL('../dist/cli/trailbus.js', import.meta.url);
let asked = 0;

// Each run listens for errors of the streams anew.
for (const stream of [process.stdout, process.stderr]) stream.setMaxListeners(0);

process.on('message', async ({ args, end }) => {
  process.argv = [process.execPath, COMMAND.pathname, ...args];
  process.exitCode = undefined;
  await import(`${COMMAND.href}?${asked++}`);
  const code = process.exitCode ?? 0;
  process.stderr.write(end);
  process.stdout.write(end, () => process.send(code));
});
