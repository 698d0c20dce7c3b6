// JSON as the body of an SQS message.

/** JSON may hold U+FFFE and U+FFFF as they are, SQS takes neither (SendMessage: the XML character range); escaped they are the same JSON. */
export const sqsJson = (value: unknown) => JSON.stringify(value).replaceAll('\ufffe', '\\ufffe').replaceAll('\uffff', '\\uffff');
