// How the report to print looks: on paper as on a screen, dark on white, whole without colours.

export const reportStyle = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { max-width: 190mm; margin: 0 auto; padding: 12mm 6mm; background: #fff; color: #171c24;
  font: 10pt/1.45 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  font-variant-numeric: tabular-nums; }
h1, h2, h3, p, dl, dd, ul { margin: 0; }
h1 { font-size: 21pt; line-height: 1.15; letter-spacing: -0.02em; overflow-wrap: anywhere; }
h2 { margin: 9mm 0 3mm; padding-bottom: 1mm; border-bottom: 1.5pt solid #171c24; font-size: 13pt; }
h3 { margin-top: 6mm; font-size: 10.5pt; }
h3 span { font-weight: 400; }
h3 abbr { text-decoration: none; color: #855600; }
.kind { margin-bottom: 1mm; color: #0b6785; font-weight: 600; }
.about { display: flex; flex-wrap: wrap; gap: 1mm 8mm; margin-top: 4mm; }
.about div { display: flex; gap: 2mm; }
dt { color: #5f6979; }
.figures { display: flex; flex-wrap: wrap; gap: 3mm; }
.figures div { flex: 1 1 26mm; padding: 2.5mm 3mm; border: 0.75pt solid #c6ccd5; border-radius: 2mm; }
.figures b { display: block; font-size: 15pt; letter-spacing: -0.02em; white-space: nowrap; }
.figures span { color: #4b5563; font-size: 8.5pt; }
.fail { color: #b02e10; }
.undetermined { color: #4531b8; }
.pass { color: #1f6e4e; }
.note { margin-top: 3mm; color: #4b5563; font-size: 9pt; }
.note.strong { color: #b02e10; font-weight: 600; }
.counts { margin: 0.5mm 0 1.5mm; color: #5f6979; font-size: 9pt; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 1.6mm 3mm 1.6mm 0; border-bottom: 0.5pt solid #dfe3e9; text-align: left; vertical-align: top;
  overflow-wrap: anywhere; }
th { color: #5f6979; font-size: 8.5pt; font-weight: 600; }
article table { table-layout: fixed; }
article th:first-child { width: 30mm; }
article th:nth-child(2) { width: 50mm; }
article td:first-child { font-weight: 600; overflow-wrap: normal; }
small { display: block; color: #5f6979; font-size: 8.5pt; }
.from { margin-left: 4mm; }
.mono, .digests dd { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 7.5pt; }
td.mono { white-space: nowrap; }
footer { margin-top: 10mm; padding-top: 3mm; border-top: 0.75pt solid #c6ccd5; color: #5f6979; font-size: 8.5pt; }
.digests { margin-top: 2mm; }
.digests div { display: grid; grid-template-columns: 18mm 1fr; }
.digests dd { overflow-wrap: anywhere; }
thead { display: table-header-group; }
tr, .figures div, footer { break-inside: avoid; }
h2, h3, .counts { break-after: avoid; }
@page { margin: 16mm 14mm; }
@media print { body { max-width: none; padding: 0; } }
@media (max-width: 560px) { article table { table-layout: auto; } .figures b { font-size: 13pt; } }
`;
