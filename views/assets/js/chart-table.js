// A chart says what its table says (views/partials/chart.eta): one line per column, one point per row.

/** Not a table that stands elsewhere in the figure. */
export const tableOf = (figure) => figure.querySelector('details table');

const rowsOf = (table) => [...table.tBodies[0].rows];
const headingsOf = (table) => [...table.tHead.rows[0].cells].slice(1);

/** Times in seconds, then the values of each column; `null` is a gap. */
export const columnsOf = (table) => {
  const rows = rowsOf(table);
  const times = rows.map((row) => Date.parse(row.querySelector('time').dateTime) / 1_000);
  const valueOf = ({ dataset }) => (dataset.value === '' ? null : Number(dataset.value));
  return [times, ...headingsOf(table).map((_, index) => rows.map((row) => valueOf(row.cells[index + 1])))];
};

/** The name of each line and of its colour. */
export const linesOf = (table) => headingsOf(table).map(({ textContent, dataset }) => ({ label: textContent, tone: dataset.tone }));

/** What the table says in a row, as people read it; `undefined` where there is no such row. */
export const wordsAt = (table, index) => {
  const row = table.tBodies[0].rows[index];
  return row && { time: row.cells[0].textContent.trim(), values: [...row.cells].slice(1).map((cell) => cell.textContent) };
};
