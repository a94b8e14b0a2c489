// The report as files: a table that spreadsheets open and cannot be attacked by, and a page to print.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { drop, findingRows, loaded, open, savedAs, savedReport, startChromium } from "./app/browser.mjs";
import { officeWith } from "./app/models.mjs";
import { serveApp } from "./app/site.mjs";
import { read } from "./support/reports.mjs";

/** Names that do harm where they are taken for something else than names. */
const FORMULA = '=HYPERLINK("http://evil.example","D117")';
const SCRIPT = "<script>document.title=`owned`</script><img src=x onerror=alert(1)>";

let browser, site, page, wrong, close;
before(async () => {
  browser = await startChromium();
  site = await serveApp();
  ({ page, wrong, close } = await open(browser, site.url));
  await page.waitForSelector('#workspace[data-stage="empty"]');
  const model = officeWith({
    "'D117'": `'${FORMULA}'`,
    "'D103'": `'${SCRIPT}'`,
    "'D101'": "'-1+2, \"in\" a room'",
  });
  await drop(page, [{ name: "own.ifc", bytes: model }]);
  await loaded(page);
});
after(async () => {
  await close?.();
  await browser?.close();
  await site?.end();
});

/** RFC 4180, strictly. */
function parse(text) {
  const rows = [[]];
  let at = 0;
  while (at < text.length) {
    let cell = "";
    if (text[at] === '"') {
      for (at += 1; text[at] !== '"' || text[at + 1] === '"'; at += 1) {
        assert.ok(at < text.length, "a quote is closed");
        if (text[at] === '"') at += 1;
        cell += text[at];
      }
      at += 1;
    } else {
      while (at < text.length && !",\r\n".includes(text[at])) {
        assert.notEqual(text[at], '"', "a quote within a cell without quotes");
        cell += text[at++];
      }
    }
    rows.at(-1).push(cell);
    if (text[at] === ",") at += 1;
    else {
      assert.equal(text.slice(at, at + 2), "\r\n", "lines end with CRLF");
      at += 2;
      if (at < text.length) rows.push([]);
    }
  }
  return rows;
}

test("CSV: UTF-8 with its mark, one row for each finding, all columns everywhere", async () => {
  const { name, bytes } = await savedAs(page, /Download as CSV/);
  assert.equal(name, "own.findings.csv");
  assert.deepEqual([...bytes.slice(0, 3)], [0xef, 0xbb, 0xbf]);
  const [head, ...rows] = parse(new TextDecoder().decode(bytes));
  const { findings, rules } = read(await savedReport(page));
  assert.equal(rows.length, findings.length);
  assert.ok(rows.every((row) => row.length === head.length));
  const at = (column) => head.indexOf(column);
  findings.forEach((finding, i) => {
    assert.equal(rows[i][at("finding")], finding.id);
    assert.equal(rows[i][at("verdict")], finding.verdict);
    assert.equal(rows[i][at("rule")], rules.find((rule) => rule.rule === finding.rule).title);
    const margin = rows[i][at("margin (SI)")];
    if (finding.margin_si === undefined) assert.equal(margin, "");
    else assert.ok(Math.abs(Number(margin) - finding.margin_si) < 1e-8, margin);
  });
  assert.match(rows.map((row) => row[at("clause")]).join(), /§1010\.1\.1/);
});

test("CSV: no text of the model is a formula, and numbers stay numbers", async () => {
  const { bytes } = await savedAs(page, /Download as CSV/);
  const [head, ...rows] = parse(new TextDecoder().decode(bytes));
  const numbers = new Set([
    "measured from (SI)",
    "measured to (SI)",
    "required (SI)",
    "margin (SI)",
    "record",
  ]);
  rows.forEach((row) =>
    row.forEach((cell, i) => {
      if (numbers.has(head[i]))
        assert.ok(cell === "" || Number.isFinite(Number(cell)), `${head[i]}: ${cell}`);
      else assert.doesNotMatch(cell, /^\s*[=+\-@\t\r]/, head[i]);
    }),
  );
  const names = rows.map((row) => row[head.indexOf("element")]);
  assert.ok(names.includes(`'${FORMULA}`));
  assert.ok(names.includes(`'-1+2, "in" a room`));
  assert.ok(rows.some((row) => Number(row[head.indexOf("margin (SI)")]) < 0));
});

test("the page to print: whole in itself, every finding by clause, nothing of the model is markup", async () => {
  const { name, bytes } = await savedAs(page, /Download to print/);
  assert.equal(name, "own.report.html");
  const html = new TextDecoder().decode(bytes);
  // A clause's page may be followed; nothing is fetched by itself.
  const followed = html.replace(/<a [^>]*href="https:\/\/[^"]*"[^>]*>/g, "<a>");
  assert.doesNotMatch(followed, /<script|<img|<link|\shref=|url\(|@import/);
  const { findings, summary } = read(await savedReport(page));
  const context = await browser.newContext({ offline: true });
  const printed = await context.newPage();
  const asked = [];
  printed.on("request", (request) => asked.push(request.url()));
  await printed.setContent(html);
  assert.deepEqual(asked, []);
  assert.match(await printed.title(), /code check$/);
  const text = await printed.innerText("body");
  for (const said of [FORMULA, SCRIPT, "own.ifc", "IBC 2024 §1010.1.1", `${summary.score.toFixed(1)} %`])
    assert.ok(text.includes(said), said);
  assert.match(text, /94\.9 %\s*score: passed, of 197 decided/);
  assert.match(text, /Occupant load of a space: 59, derived, by us-ibc-2024\s+Use: Conference Room/);
  assert.match(text, /Nobody has held 28 rules of 28/);
  assert.equal(await printed.locator("article tbody tr").count(), findings.length);
  await printed.emulateMedia({ media: "print" });
  const head = await printed
    .locator("article thead")
    .first()
    .evaluate((node) => getComputedStyle(node).display);
  assert.equal(head, "table-header-group", "the heads of tables are on each sheet");
  const pdf = await printed.pdf({ format: "A4" });
  assert.ok(pdf.length > 20_000);
  const wide = await printed.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, "nothing is cut off at the side");
  await context.close();
});

test("the page to print says which edits were made, and has their verdicts", async () => {
  await page.fill("#search", "stair-riser-height flight a1");
  await findingRows(page).first().click();
  await page
    .locator("#details .finding-card")
    .getByRole("button", { name: "Edit Riser height" })
    .first()
    .click();
  await page.locator("form.editor [name=value]").fill("7");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".change");
  const { bytes } = await savedAs(page, /Download to print/);
  const html = new TextDecoder().decode(bytes);
  assert.match(html, /the model with 1 edit;/);
  assert.match(html, /Flight A1.*Pset_StairFlightCommon\.RiserHeight<\/td><td>7\.5 in<\/td><td>7 in<\/td>/s);
  assert.doesNotMatch(html, /Riser height is 7\.5 in/);
});

test("nothing went wrong in the page", async () => {
  assert.deepEqual(await wrong(), []);
});
