// What docs/ says of reasons, parameters, lint rules and the like is what the code says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { madePage, PAGES, readPage } from '../../tools/docs.ts';

for (const page of PAGES)
  test(`docs/${page} has what the code makes of it; if not, run npm run docs`, () => assert.equal(readPage(page), madePage(page)));
