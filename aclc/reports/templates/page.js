"use strict";
// Search and order tables, show one box's flows in a picture. Without this the page still says everything.
(() => {
  const words = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);
  const holds = (text, wanted) => wanted.every((word) => text.includes(word));

  const say = (table, count) => {
    const status = document.querySelector(`[data-count-of="${table.id}"]`);
    if (status) status.textContent = `${count} shown`;
  };

  for (const input of document.querySelectorAll("input[data-rows-of], select[data-rows-of]")) {
    const table = document.getElementById(input.dataset.rowsOf);
    const inputs = document.querySelectorAll(`[data-rows-of="${table.id}"]`);
    input.addEventListener("input", () => {
      let count = 0;
      for (const row of table.tBodies[0].rows) {
        let shown = true;
        for (const each of inputs) {
          const text = each.dataset.key === "kind" ? row.dataset.kind || ""
            : each.dataset.key === "head" ? row.cells[0].textContent : row.textContent;
          if (each.value && !holds(text.toLowerCase(), words(each.value))) shown = false;
        }
        row.hidden = !shown;
        count += shown;
      }
      say(table, count);
    });
  }

  for (const input of document.querySelectorAll("input[data-columns-of]")) {
    const table = document.getElementById(input.dataset.columnsOf);
    input.addEventListener("input", () => {
      const wanted = words(input.value);
      const heads = [...table.tHead.rows[0].cells];
      heads.forEach((head, at) => {
        const shown = at === 0 || holds(head.textContent.toLowerCase(), wanted);
        head.hidden = !shown;
        for (const row of table.tBodies[0].rows) row.cells[at].hidden = !shown;
      });
    });
  }

  // Numbers within a text count as numbers: 28 nodes come before 5,563.
  const order = new Intl.Collator("en", { numeric: true });
  const value = (cell) => cell.dataset.order ?? cell.textContent.trim().replace(/(\d),(?=\d{3}(?!\d))/g, "$1");

  for (const button of document.querySelectorAll("table[data-sorts] thead th button")) {
    button.addEventListener("click", () => {
      const head = button.closest("th");
      const table = head.closest("table");
      const at = head.cellIndex;
      const first = head.dataset.first || "ascending";
      const other = first === "ascending" ? "descending" : "ascending";
      const now = head.getAttribute("aria-sort") === first ? other : first;
      for (const each of table.tHead.rows[0].cells) each.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", now);
      const turn = now === "ascending" ? 1 : -1;
      const rows = [...table.tBodies[0].rows];
      rows.sort((one, two) => {
        return order.compare(value(one.cells[at]), value(two.cells[at])) * turn;
      });
      table.tBodies[0].append(...rows);
    });
  }

  for (const picture of document.querySelectorAll("figure svg")) {
    const parts = [...picture.querySelectorAll("[data-flow], [data-box]")];
    const flowsOf = (part) => (part.dataset.flows || part.dataset.flow || "").split(" ");
    const show = (flows) => {
      for (const part of parts) {
        part.classList.toggle("quiet", flows !== null && !flowsOf(part).some((each) => flows.includes(each)));
      }
    };
    for (const part of picture.querySelectorAll("g[data-box], g[data-flow]")) {
      part.setAttribute("tabindex", "0");
      for (const event of ["mouseenter", "focus"]) part.addEventListener(event, () => show(flowsOf(part)));
      for (const event of ["mouseleave", "blur"]) part.addEventListener(event, () => show(null));
    }
  }
})();
