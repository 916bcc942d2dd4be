//! Enrolment: a code becomes a device number and a key. A replica that is enrolled anew keeps its
//! log and sends all of it under the new number; nothing that a worker typed is left behind.

use crate::APP;
use crate::aside;
use crate::change_log;
use crate::error::{EnrolError, SyncError};
use crate::identity::Identity;
use crate::open::Replica;
use crate::receipts;
use crate::reply;
use crate::scope;
use crate::show::{self, Touched};
use crate::sync_state::SyncState;
use crate::transport::{Request, Response, Transport, TransportError};
use rusqlite::Transaction;
use sync_protocol::area::{Area, Scope};
use sync_protocol::ids::DeviceNo;
use sync_protocol::problem::ProblemCode;
use sync_protocol::wire::{EnrolReply, EnrolRequest};

/// What enrolment brought.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Enrolled {
    pub device: DeviceNo,
    pub worker_name: String,
    pub areas: Vec<Area>,
    /// Entries of an old log that will be sent under the new number.
    pub to_send_again: u64,
}

impl Replica {
    /// Enrols this replica, also one that was enrolled before. Whether that is wanted is the
    /// caller's question.
    pub fn enrol(
        &mut self,
        transport: &mut dyn Transport,
        server_url: &str,
        code: &str,
        device_name: &str,
    ) -> Result<Enrolled, EnrolError> {
        let request = self.enrol_request(code, device_name)?;
        let answer = transport.call(&request);
        self.take_enrolment(server_url, device_name, answer)
    }

    /// The request that a code becomes.
    pub fn enrol_request(&self, code: &str, device_name: &str) -> Result<Request, EnrolError> {
        let identity = self.identity().map_err(SyncError::from)?;
        let message = EnrolRequest {
            code: as_printed(code),
            install: identity.install,
            device_name: device_name.to_owned(),
            app: APP.to_owned(),
        };
        let body = serde_json::to_vec(&message)
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
        Ok(Request {
            method: "POST",
            path: "/v1/enrol".to_owned(),
            body: Some(body),
            ..Request::default()
        })
    }

    /// Takes the number and the key that came back.
    pub fn take_enrolment(
        &mut self,
        server_url: &str,
        device_name: &str,
        answer: Result<Response, TransportError>,
    ) -> Result<Enrolled, EnrolError> {
        let response = answer.map_err(SyncError::from)?;
        if ![200, 201].contains(&response.status) {
            return Err(refusal(&response));
        }
        let reply: EnrolReply = reply::read(&response)?;
        self.take_number(server_url, device_name, reply)
    }

    fn take_number(
        &mut self,
        server_url: &str,
        device_name: &str,
        reply: EnrolReply,
    ) -> Result<Enrolled, EnrolError> {
        let tx = self.begin()?;
        let mut identity = Identity::load(&tx)?;
        let mut state = SyncState::load(&tx)?;
        let mut touched = Touched::default();
        state.server_time_ms = reply.server_time.unix_ms();
        if identity.device != Some(reply.device) {
            // Nothing of this log has been sent under the new number.
            identity.stopped = None;
            state.start_anew();
            receipts::reopen_after(&tx, 0, &mut touched)?;
        }
        begin_epoch(&tx, &reply, &mut state)?;
        let scope = Scope::of(reply.areas.iter().cloned());
        scope::take(&tx, &scope, state.server_time_ms, &mut touched)?;
        identity.server_url = Some(server_url.to_owned());
        identity.device = Some(reply.device);
        identity.token = Some(reply.token);
        identity.device_name = Some(device_name.to_owned());
        identity.worker_id = Some(reply.worker.id);
        identity.worker_name = Some(reply.worker.name.clone());
        identity.store(&tx)?;
        state.store(&tx)?;
        let changed = show::rebuild(&tx, &touched)?;
        let to_send_again = state.pending(change_log::last_seq(&tx)?);
        tx.commit()?;
        self.changed.extend(changed);
        Ok(Enrolled {
            device: reply.device,
            worker_name: reply.worker.name,
            areas: reply.areas,
            to_send_again,
        })
    }
}

fn begin_epoch(
    tx: &Transaction<'_>,
    reply: &EnrolReply,
    state: &mut SyncState,
) -> rusqlite::Result<()> {
    if let Some(old) = state.epoch.filter(|epoch| *epoch != reply.epoch) {
        aside::set_aside(tx, old, state.server_time_ms)?;
        state.new_history = true;
        state.cursor = None;
        state.pull_complete = false;
    }
    state.epoch = Some(reply.epoch);
    Ok(())
}

/// A code is read from paper: case, spaces and dashes do not matter.
fn as_printed(code: &str) -> String {
    code.chars().filter(|c| !c.is_whitespace() && *c != '-').collect::<String>().to_uppercase()
}

fn refusal(response: &Response) -> EnrolError {
    let code = reply::problem(response).and_then(|problem| problem.code());
    match code {
        Some(
            code @ (ProblemCode::CodeWrong
            | ProblemCode::CodeExpired
            | ProblemCode::CodeBurnt
            | ProblemCode::CodeUsed),
        ) => EnrolError::Code(code),
        _ => EnrolError::Sync(reply::failure(response, code)),
    }
}
