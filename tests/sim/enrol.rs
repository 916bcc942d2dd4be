//! Enrolment. In full it goes through the server's route with a code; mostly the device is put into
//! the server's store beside it, since comparing the secret takes longer than a whole history.

use crate::hub::Hub;
use crate::line::Line;
use crate::tablet::Tablet;
use serde_json::json;
use server::access::token;
use server::admin::people;
use server::platform::random_bytes;
use server::store::StoreError;
use sync_protocol::area::Scope;
use sync_protocol::ids::{DeviceNo, WorkerId};
use sync_protocol::time::Moment;
use sync_protocol::wire::EnrolRequest;
use sync_replica::{Request, Response, Transport, TransportError};

const URL: &str = "https://timbang.example";

/// Makes a tablet a device of its worker.
pub(crate) fn enrol(hub: &mut Hub, tablet: &mut Tablet, in_full: bool) {
    let worker = tablet.worker;
    let code = if in_full {
        people::make_code(hub.host.service(), worker).unwrap().code
    } else {
        "0000000000".to_owned()
    };
    let name = tablet.name.clone();
    let mut heard = Overheard { hub, worker, in_full, token: None, at_ms: 0 };
    let enrolled = tablet.replica_mut().enrol(&mut heard, URL, &code, &name).unwrap();
    let (token, at_ms) = (heard.token.unwrap(), heard.at_ms);
    tablet.device = enrolled.device.0;
    hub.book.enrolled(tablet.device, worker, token, at_ms);
    hub.reach.devices.insert(tablet.device, worker);
}

/// Listens for the token, by which the ledgers know the device.
struct Overheard<'h> {
    hub: &'h mut Hub,
    worker: WorkerId,
    in_full: bool,
    token: Option<String>,
    at_ms: i64,
}

impl Transport for Overheard<'_> {
    fn call(&mut self, request: &Request) -> Result<Response, TransportError> {
        let response = if self.in_full {
            Line::clean(self.hub).call(request)?
        } else {
            self.put_beside(request)
        };
        let reply: serde_json::Value = serde_json::from_slice(&response.body).unwrap();
        self.token = reply["token"].as_str().map(str::to_owned);
        let at: Moment = serde_json::from_value(reply["server_time"].clone()).unwrap();
        self.at_ms = at.unix_ms();
        Ok(response)
    }
}

impl Overheard<'_> {
    /// Does what the route does once the secret was found to be right.
    fn put_beside(&mut self, request: &Request) -> Response {
        let message: EnrolRequest =
            serde_json::from_slice(request.body.as_deref().unwrap_or_default()).unwrap();
        let service = self.hub.host.service();
        let number = DeviceNo(u32::from_le_bytes(random_bytes(&**service.random())));
        let token = token::make(&**service.random());
        let (worker, hash) = (self.worker, token::hash(&token));
        let (epoch, now_ms) = service
            .write_as_operator::<_, StoreError, _>(move |tx, now| {
                tx.add_device(number, worker, message.install, &message.device_name, now.ms)?;
                tx.set_token(number, &hash)?;
                Ok((tx.server()?.epoch, now.ms))
            })
            .unwrap();
        let reply = json!({
            "device": number, "token": token, "worker": {"id": worker, "name": "Petugas"},
            "areas": Scope::of(self.hub.grants.areas(worker)).areas(),
            "epoch": epoch, "server_time": Moment::utc(now_ms),
        });
        Response::new(201, reply.to_string())
    }
}
