//! `timbang import outbox`: a tablet's unsent changes, carried to the server as a file. The same
//! file twice changes nothing, and the tablet gets the same receipts when it syncs.

use crate::refusal::Refusal;
use crate::service::Service;
use crate::store::{Act, Device, DeviceState, StoreError, Who, WriteTx};
use crate::sync::hand_in::hand_in;
use crate::sync::received::Received;
use crate::sync::server_time::{self, ServerNow};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use sync_protocol::ids::{DeviceNo, Seq};
use sync_protocol::json::check_envelope;
use sync_protocol::limits::REQUEST_CHANGES_MAX;
use sync_protocol::wire::{OUTBOX_FORM, Outbox, Receipt};

#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutboxError {
    #[error("the file is not one that `timbang-tablet outbox` wrote: {0}")]
    NotOutbox(String),
    #[error("the file has form {0}, this program knows form {OUTBOX_FORM}: use the newer program")]
    TooNew(u32),
    #[error(
        "device {0} is not known here (a restore lost it, or it belongs to another server): enrol the tablet anew with a \
         new code, then write its outbox again"
    )]
    UnknownDevice(DeviceNo),
    #[error(
        "the file says device {0}, but comes from another installation than the one that was enrolled"
    )]
    OtherInstall(DeviceNo),
    #[error(
        "changes are missing between the server's log and this file: seq {expected} is expected next, the file begins \
         at {first}. On the tablet: timbang-tablet outbox FILE --all"
    )]
    Gap { expected: u64, first: u64 },
    #[error(
        "the server holds another change under the same number (seq {seq}): two tablets share one copy. Enrol the one \
         that brought this file anew"
    )]
    Cloned { seq: Seq },
    #[error("the changes were refused: {0}")]
    Refused(Refusal),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Refusal> for OutboxError {
    fn from(refusal: Refusal) -> Self {
        let Refusal::Store(error) = refusal else { return OutboxError::Refused(refusal) };
        OutboxError::Store(error)
    }
}

/// What became of a file.
#[derive(Clone, Debug)]
pub struct HandedIn {
    pub device: DeviceNo,
    pub state: DeviceState,
    /// Changes that the server did not have before.
    pub new: u64,
    pub acked_through: u64,
    pub receipts: Vec<Receipt>,
}

/// Takes a file as the changes of the device that wrote it.
pub fn import_outbox(service: &Service, file: &[u8]) -> Result<HandedIn, OutboxError> {
    let outbox = Arc::new(read(file)?);
    let first = begin(service, &outbox)?;
    let mut handed = HandedIn {
        device: first.number,
        state: first.state,
        new: 0,
        acked_through: first.acked,
        receipts: Vec::new(),
    };
    // One job for as much as a tablet may send at once, so that tablets are not kept waiting.
    for from in (0..outbox.changes.len()).step_by(REQUEST_CHANGES_MAX) {
        let part = Arc::clone(&outbox);
        let (acked, receipts) =
            service.write_as_operator::<_, OutboxError, _>(move |tx, now| {
                take_part(tx, &part, from, now)
            })?;
        handed.acked_through = acked;
        handed.receipts.extend(receipts);
    }
    handed.new = handed.acked_through.saturating_sub(first.acked);
    note(service, file, &handed)?;
    Ok(handed)
}

fn read(file: &[u8]) -> Result<Outbox, OutboxError> {
    check_envelope(file, Some("changes"))
        .map_err(|fault| OutboxError::NotOutbox(fault.to_string()))?;
    let outbox: Outbox =
        serde_json::from_slice(file).map_err(|error| OutboxError::NotOutbox(error.to_string()))?;
    if outbox.timbang_outbox > OUTBOX_FORM {
        return Err(OutboxError::TooNew(outbox.timbang_outbox));
    }
    Ok(outbox)
}

fn begin(service: &Service, outbox: &Arc<Outbox>) -> Result<Device, OutboxError> {
    let outbox = Arc::clone(outbox);
    service.write_as_operator::<_, OutboxError, _>(move |tx, _| device_of(tx, &outbox))
}

fn device_of(tx: &WriteTx<'_>, outbox: &Outbox) -> Result<Device, OutboxError> {
    let number = outbox.device;
    let device = tx.device(number)?.filter(|device| device.worker.is_some());
    let device = device.ok_or(OutboxError::UnknownDevice(number))?;
    if !tx.is_install_of(number, outbox.install)? {
        return Err(OutboxError::OtherInstall(number));
    }
    Ok(device)
}

fn take_part(
    tx: &WriteTx<'_>,
    outbox: &Outbox,
    from: usize,
    now: ServerNow,
) -> Result<(u64, Vec<Receipt>), OutboxError> {
    let device = device_of(tx, outbox)?;
    let today = server_time::today(tx, now.ms)?;
    let raw = outbox.changes.iter().skip(from).take(REQUEST_CHANGES_MAX).cloned().collect();
    let changes =
        Received::read(raw, today).map_err(|no_seq| OutboxError::NotOutbox(no_seq.to_string()))?;
    let first = changes.seqs().next().map_or(0, Seq::get);
    let pushed = hand_in(tx, &device, &changes, now).map_err(|refusal| explain(refusal, first))?;
    Ok((pushed.acked_through, pushed.receipts))
}

fn explain(refusal: Refusal, first: u64) -> OutboxError {
    if let Refusal::Gap { expected } = refusal {
        return OutboxError::Gap { expected, first };
    }
    if let Refusal::Cloned { seq } = refusal {
        return OutboxError::Cloned { seq };
    }
    refusal.into()
}

fn note(service: &Service, file: &[u8], handed: &HandedIn) -> Result<(), StoreError> {
    let sum: String = Sha256::digest(file).iter().map(|byte| format!("{byte:02x}")).collect();
    let subject = json!({"kind": "outbox", "sha256": sum, "device": handed.device,
        "changes": handed.receipts.len(), "new": handed.new});
    service.write_as_operator(move |tx, now| {
        tx.audit(Who::CommandLine, Act::FileImported, &subject, now.ms)
    })
}
