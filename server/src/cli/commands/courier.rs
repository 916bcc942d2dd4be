//! `timbang import outbox` and `import mirror`: what comes on a stick and not over the network.

use crate::admin::mirror::import_mirror;
use crate::admin::outbox::import_outbox;
use crate::cli::arguments::FileOptions;
use crate::cli::output;
use crate::files;
use crate::service::Service;
use crate::store::DeviceState;
use anyhow::Context;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Receipts and left-out rows that are listed for people.
const LISTED: usize = 20;

pub(super) fn outbox(service: &Service, options: &FileOptions) -> anyhow::Result<ExitCode> {
    let handed = import_outbox(service, &super::read_file(&options.file)?)
        .with_context(|| format!("{} was not taken", options.file.display()))?;
    let value = json!({"device": handed.device, "new": handed.new,
        "acked_through": handed.acked_through, "receipts": handed.receipts});
    let receipts = write_receipts(&options.file, &value)?;
    let mut outcomes: BTreeMap<&str, usize> = BTreeMap::new();
    for receipt in &handed.receipts {
        *outcomes.entry(receipt.outcome.as_str()).or_default() += 1;
    }
    let counts: Vec<String> =
        outcomes.iter().map(|(outcome, count)| format!("{count} {outcome}")).collect();
    let mut text = format!(
        "device {}: {} changes in the file, {} new ({})\n",
        handed.device,
        handed.receipts.len(),
        handed.new,
        counts.join(", ")
    );
    let parked = handed.receipts.iter().filter(|receipt| receipt.code.is_some());
    for receipt in parked.take(LISTED) {
        let code = receipt.code.map(|code| code.to_string()).unwrap_or_default();
        writeln!(text, "seq {} is parked: {code}", receipt.seq)?;
    }
    if handed.state == DeviceState::Revoked {
        writeln!(text, "the device is revoked: it cannot fetch its receipts")?;
    }
    writeln!(text, "receipts are in {}; the tablet gets them when it syncs", receipts.display())?;
    text.push_str("delete the file now: it holds children's data");
    output::print(options.place.json, &value, &text)?;
    Ok(ExitCode::SUCCESS)
}

/// The same file again gives the same receipts, so the ones beside it are written over.
fn write_receipts(file: &Path, value: &Value) -> anyhow::Result<PathBuf> {
    let path = files::with_suffix(file, ".receipts.json");
    let written = files::open_private(&path).and_then(|mut out| {
        out.set_len(0)?;
        writeln!(out, "{value}")?;
        out.sync_all()
    });
    written.with_context(|| {
        format!("the changes are taken, but {} cannot be written", path.display())
    })?;
    Ok(path)
}

pub(super) fn mirror(service: &Service, options: &FileOptions) -> anyhow::Result<ExitCode> {
    let recovered = import_mirror(service, &options.file)
        .with_context(|| format!("{} was not taken", options.file.display()))?;
    let left_out: Vec<Value> =
        recovered.left_out.iter().map(|(id, why)| json!({"id": id, "why": why})).collect();
    let mut text = format!(
        "{} rows read: {} changes of the office put in again, {} left out\n",
        recovered.rows,
        recovered.put_in.len(),
        recovered.left_out.len()
    );
    for (id, why) in recovered.left_out.iter().take(LISTED) {
        writeln!(text, "left out  {id}  {why}")?;
    }
    if recovered.of_tablets > 0 {
        writeln!(
            text,
            "{} rows that tablets wrote are missing here: they come when those tablets sync",
            recovered.of_tablets
        )?;
    }
    let value = json!({"rows": recovered.rows, "put_in": recovered.put_in,
        "left_out": left_out, "of_tablets": recovered.of_tablets});
    output::print(options.place.json, &value, &text)?;
    Ok(ExitCode::SUCCESS)
}
