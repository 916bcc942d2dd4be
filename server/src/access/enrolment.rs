//! Enrolment: an administrator's code becomes a device.

use super::secret::{hash_secret, secret_is};
use super::{scope_of, token};
use crate::platform::{Random, random_bytes};
use crate::refusal::{CodeFault, Refusal};
use crate::store::{Act, EnrolCode, Role, StoreError, Stored, Who, Worker, WriteTx};
use serde_json::json;
use std::fmt;
use sync_protocol::ids::{DeviceNo, WorkerId};
use sync_protocol::limits::{ENROL_CODE_HOURS, ENROL_WRONG_SECRETS_MAX};
use sync_protocol::time::Moment;
use sync_protocol::wire::{EnrolReply, EnrolRequest, WorkerRef};

/// Crockford's base 32: nothing that looks like something else.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters that name a code, and characters that are secret.
const NAME_CHARS: usize = 4;
const SECRET_CHARS: usize = 6;
const HOUR_MS: i64 = 3_600_000;
/// Used-up codes keep their names this long, so that a late tablet gets a true answer.
const REMEMBERED_MS: i64 = 30 * 24 * HOUR_MS;
/// Characters of a tablet's name that are kept.
const DEVICE_NAME_CHARS_MAX: usize = 100;

/// A code as a person reads it out: 4 characters that name it, 6 that are secret.
#[derive(Clone)]
pub struct Code {
    name: String,
    secret: String,
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Code({}…)", self.name)
    }
}

impl Code {
    fn make(random: &dyn Random) -> Self {
        let bytes = random_bytes::<{ NAME_CHARS + SECRET_CHARS }>(random);
        let text: String = bytes
            .iter()
            .filter_map(|byte| ALPHABET.get(usize::from(byte & 31)))
            .map(|c| char::from(*c))
            .collect();
        let (name, secret) = text.split_at_checked(NAME_CHARS).unwrap_or_default();
        Code { name: name.to_owned(), secret: secret.to_owned() }
    }

    /// Reads what a person typed: case, spaces and hyphens do not matter, O is 0, I and L are 1.
    fn read(typed: &str) -> Option<Self> {
        let text: String = typed
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .map(|c| match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            })
            .collect();
        let known = text.bytes().all(|byte| ALPHABET.contains(&byte));
        let (name, secret) = text.split_at_checked(NAME_CHARS)?;
        (known && secret.len() == SECRET_CHARS)
            .then(|| Code { name: name.to_owned(), secret: secret.to_owned() })
    }
}

/// A code that was just made, as it is handed to the worker.
#[derive(Clone, Debug)]
pub struct NewCode {
    pub code: String,
    pub expires_ms: i64,
}

/// Whether somebody works on a tablet. Who works in the office has pages: a tablet of theirs would be
/// a copy of all that they may see.
pub fn may_have_tablet(worker: &Worker) -> bool {
    worker.role == Role::Tenaga
}

/// Makes a code for a worker's next tablet.
pub fn new_code(
    tx: &WriteTx<'_>,
    worker: WorkerId,
    now_ms: i64,
    random: &dyn Random,
) -> Result<NewCode, StoreError> {
    tx.forget_old_codes(now_ms - REMEMBERED_MS)?;
    let code = loop {
        let code = Code::make(random);
        if tx.enrol_code(&code.name)?.is_none() {
            break code;
        }
    };
    let expires_ms = now_ms + ENROL_CODE_HOURS * HOUR_MS;
    tx.add_enrol_code(&EnrolCode {
        name: code.name.clone(),
        secret_hash: hash_secret(&code.secret, random)?,
        worker,
        expires_ms,
        wrong: 0,
        device: None,
    })?;
    Ok(NewCode { code: format!("{}{}", code.name, code.secret), expires_ms })
}

/// A request whose code was read and whose secret was compared, outside of any transaction: the
/// comparison is slow on purpose.
#[derive(Debug)]
pub struct Checked {
    request: EnrolRequest,
    name: String,
    right: bool,
}

/// Compares the secret with that of the code which is `stored` under its name. Unknown names take as
/// long as wrong secrets and get the same answer.
pub(crate) fn check_secret(
    request: EnrolRequest,
    random: &dyn Random,
    stored: impl FnOnce(&str) -> Stored<Option<EnrolCode>>,
) -> Result<Checked, Refusal> {
    let wrong = || Refusal::Code(CodeFault::Wrong);
    let code = Code::read(&request.code).ok_or_else(wrong)?;
    match stored(&code.name)? {
        Some(stored) => {
            let right = secret_is(&code.secret, &stored.secret_hash);
            Ok(Checked { request, name: code.name, right })
        }
        None => {
            hash_secret(&code.secret, random)?;
            Err(wrong())
        }
    }
}

/// What enrolment came to. A wrong secret must be counted, so it is a result and not an error.
#[derive(Debug)]
pub enum Enrolled {
    Device(Box<EnrolReply>),
    Refused(CodeFault),
}

/// Turns a checked code into a device with a fresh token.
pub fn enrol(
    tx: &WriteTx<'_>,
    checked: &Checked,
    now_ms: i64,
    random: &dyn Random,
) -> Result<Enrolled, StoreError> {
    let Some(code) = tx.enrol_code(&checked.name)? else {
        return Ok(Enrolled::Refused(CodeFault::Wrong));
    };
    if code.wrong >= ENROL_WRONG_SECRETS_MAX {
        return Ok(Enrolled::Refused(CodeFault::Burnt));
    }
    if !checked.right {
        tx.count_wrong_secret(&code.name)?;
        return Ok(Enrolled::Refused(CodeFault::Wrong));
    }
    if code.expires_ms <= now_ms {
        return Ok(Enrolled::Refused(CodeFault::Expired));
    }
    let install = checked.request.install;
    let device = match code.device {
        // The reply was lost: the same tablet asks again and gets the same device.
        Some(device) if tx.is_install_of(device, install)? => device,
        Some(_) => return Ok(Enrolled::Refused(CodeFault::Used)),
        None => {
            let number = unused_number(tx, random)?;
            let name: String =
                checked.request.device_name.chars().take(DEVICE_NAME_CHARS_MAX).collect();
            tx.add_device(number, code.worker, install, &name, now_ms)?;
            tx.use_enrol_code(&code.name, number)?;
            number
        }
    };
    reply(tx, device, code.worker, now_ms, random)
}

fn reply(
    tx: &WriteTx<'_>,
    device: DeviceNo,
    worker: WorkerId,
    now_ms: i64,
    random: &dyn Random,
) -> Result<Enrolled, StoreError> {
    let token = token::make(random);
    tx.set_token(device, &token::hash(&token))?;
    tx.audit(Who::Worker(worker), Act::DeviceEnrolled, &json!({"device": device}), now_ms)?;
    let worker = tx.worker(worker)?.ok_or(StoreError::Unreadable("worker of an enrolment code"))?;
    Ok(Enrolled::Device(Box::new(EnrolReply {
        device,
        token,
        areas: scope_of(tx, worker.id)?.areas().to_vec(),
        worker: WorkerRef { id: worker.id, name: worker.name },
        epoch: tx.server()?.epoch,
        server_time: Moment::utc(now_ms),
    })))
}

fn unused_number(tx: &WriteTx<'_>, random: &dyn Random) -> Result<DeviceNo, StoreError> {
    loop {
        let number = DeviceNo(u32::from_be_bytes(random_bytes(random)));
        if number != DeviceNo::OFFICE && tx.device(number)?.is_none() {
            return Ok(number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let read =
            |typed: &str| Code::read(typed).map(|code| format!("{}/{}", code.name, code.secret));
        assert_eq!(read("7kq2-9mxt 3f"), Some("7KQ2/9MXT3F".to_owned()));
        assert_eq!(read("oIl0000000"), Some("0110/000000".to_owned()));
        for bad in ["", "7KQ29MXT3", "7KQ29MXT3FF", "7KQ29MXTU!", "ééééé"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
