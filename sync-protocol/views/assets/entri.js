// Keeps a half-filled sheet and judges a line while it is typed. The page works without it.
"use strict";
(() => {
  const KEEP_AFTER_MS = 1500;
  const JUDGE_AFTER_MS = 400;
  const form = document.getElementById("lembar");
  const kept = document.getElementById("tersimpan");
  if (!form) return;
  let keepSoon = 0;
  const judgeSoon = new Map();

  const post = (address, fields) =>
    fetch(address, { method: "POST", body: new URLSearchParams(fields), redirect: "error" });

  const keep = async () => {
    const fields = new FormData(form);
    fields.append("potongan", "1");
    try {
      const answer = await post("/entri/sementara", fields);
      kept.textContent = answer.ok ? await answer.text() : "belum tersimpan sementara";
    } catch {
      kept.textContent = "belum tersimpan sementara";
    }
  };

  const judge = async (row) => {
    const fields = new FormData();
    for (const name of ["csrf", "area", "posyandu", "tanggal"]) {
      fields.append(name, form.elements[name].value);
    }
    fields.append("baris", row.dataset.baris);
    for (const control of row.querySelectorAll("input[name], select[name]")) {
      if (control.type !== "checkbox" || control.checked) fields.append(control.name, control.value);
    }
    try {
      const answer = await post("/entri/baris", fields);
      if (answer.ok) row.querySelector(".hasil").innerHTML = await answer.text();
    } catch {
      // The next key stroke, or "Periksa", asks again.
    }
  };

  form.addEventListener("input", (event) => {
    clearTimeout(keepSoon);
    keepSoon = setTimeout(keep, KEEP_AFTER_MS);
    const row = event.target.closest("tr");
    if (!row || event.target.type === "checkbox") return;
    clearTimeout(judgeSoon.get(row));
    judgeSoon.set(row, setTimeout(() => judge(row), JUDGE_AFTER_MS));
  });

  // Enter goes on to the next cell.
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("td input, td select")) return;
    event.preventDefault();
    const cells = [...form.querySelectorAll("td input, td select")];
    const next = cells[cells.indexOf(event.target) + 1];
    (next || document.getElementById("simpan")).focus();
  });
})();
