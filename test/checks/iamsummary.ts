// What IAM answers to GetAccountSummary.

export const iamSummary = (counts: Record<string, number>): string => {
  const entries = Object.entries(counts).map(([key, value]) => `<entry><key>${key}</key><value>${value}</value></entry>`);
  return `<GetAccountSummaryResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetAccountSummaryResult><SummaryMap>${entries.join('')}</SummaryMap></GetAccountSummaryResult></GetAccountSummaryResponse>`;
};
