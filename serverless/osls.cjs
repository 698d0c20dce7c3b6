// osls reads variables from CommonJS alone; tsx reads the stack's TypeScript for it, with no build step.
module.exports = require('tsx/cjs/api').require('./osls.ts', __filename);
