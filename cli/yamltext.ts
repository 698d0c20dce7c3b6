// YAML for standard output that says nothing a terminal would obey, or an editor hide.
import { type Document, type Scalar, type ToStringOptions, visit } from 'yaml';
import { isPrintable, quotedPrintable } from './terminal.ts';

/** A document as text; the odd texts in it stand in double quotes, escaped. */
export function documentText(document: Document, options: ToStringOptions): string {
  visit(document, {
    Scalar: (_, scalar: Scalar) => {
      if (typeof scalar.value === 'string' && !isPrintable(scalar.value)) scalar.type = 'QUOTE_DOUBLE';
    },
  });
  return quotedPrintable(document.toString(options));
}
