//! Receipts: the present verdict on a stored change.

use crate::store::{Entry, ReadTx, Stored};
use sync_protocol::ids::{DeviceNo, Seq};
use sync_protocol::wire::{Outcome, Receipt};

/// The receipt of an entry. One that repeats a change of an earlier device number has the verdict
/// and the stamp of the original.
pub fn receipt_of(tx: &ReadTx<'_>, entry: &Entry) -> Stored<Receipt> {
    match entry.same_as {
        Some(original) => Ok(receipt(entry.seq, &tx.entry_at(original)?)),
        None => Ok(receipt(entry.seq, entry)),
    }
}

/// The receipts of the seqs that the server has.
pub fn receipts_of(tx: &ReadTx<'_>, device: DeviceNo, seqs: &[Seq]) -> Stored<Vec<Receipt>> {
    let mut receipts = Vec::with_capacity(seqs.len());
    for seq in seqs {
        if let Some(entry) = tx.entry(device, *seq)? {
            receipts.push(receipt_of(tx, &entry)?);
        }
    }
    Ok(receipts)
}

fn receipt(seq: Seq, judged: &Entry) -> Receipt {
    let verdict = &judged.verdict;
    let fault = verdict.fault.as_ref().filter(|_| verdict.outcome == Outcome::Parked);
    let message = match verdict.outcome {
        Outcome::Parked => fault.map(|fault| fault.code.message().to_owned()),
        Outcome::Discarded => verdict.reason.clone(),
        Outcome::Applied | Outcome::Superseded => None,
    };
    Receipt {
        seq,
        outcome: verdict.outcome,
        stamp: judged.stamp,
        code: fault.map(|fault| fault.code),
        field: fault.and_then(|fault| fault.field.clone()),
        message,
    }
}
