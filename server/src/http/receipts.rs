//! `GET /v1/receipts?seq=41,43`

use super::about::{About, Answer};
use super::body::malformed;
use super::params::SEQS;
use super::{Gateway, Request, Response};
use crate::refusal::Refusal;
use crate::sync::receipt::receipts_of;
use sync_protocol::ids::Seq;
use sync_protocol::limits::RECEIPTS_MAX;
use sync_protocol::wire::ReceiptsReply;

pub(super) static ABOUT: About = About {
    query: &[&[SEQS]],
    ..About::new(
        "What became of changes of this tablet",
        &[Answer::json::<ReceiptsReply>(200, "A seq that the server does not have is absent.")],
    )
};

pub(super) fn receipts(
    gateway: &Gateway,
    request: &Request,
    token: &str,
) -> Result<Response, Refusal> {
    let seqs = read_seqs(&request.query)?;
    let receipts = gateway
        .service
        .read_as_tablet(token, |tx, caller, _| Ok(receipts_of(tx, caller.device.number, &seqs)?))?;
    Response::json(200, &ReceiptsReply { receipts }).map_err(malformed)
}

fn read_seqs(query: &str) -> Result<Vec<Seq>, Refusal> {
    let wrong = || Refusal::malformed("seq=41,43 is wanted");
    let list = query.split('&').find_map(|pair| pair.strip_prefix("seq=")).ok_or_else(wrong)?;
    let seqs: Vec<Seq> = list
        .replace("%2C", ",")
        .split(',')
        .map(|seq| seq.parse().ok().and_then(Seq::new))
        .collect::<Option<_>>()
        .ok_or_else(wrong)?;
    if seqs.len() > RECEIPTS_MAX {
        return Err(Refusal::malformed(format!("at most {RECEIPTS_MAX} seqs")));
    }
    Ok(seqs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seqs_are_a_comma_separated_list() {
        let read = |query: &str| {
            read_seqs(query).map(|seqs| seqs.iter().map(|seq| seq.get()).collect::<Vec<_>>()).ok()
        };
        assert_eq!(read("seq=41,43"), Some(vec![41, 43]));
        assert_eq!(read("x=1&seq=7"), Some(vec![7]));
        assert_eq!(read("seq=1%2C2"), Some(vec![1, 2]));
        for bad in ["", "seq=", "seq=0", "seq=1,", "seq=a", "seq=-1"] {
            assert_eq!(read(bad), None, "{bad}");
        }
        let many: Vec<String> = (1..=RECEIPTS_MAX + 1).map(|n| n.to_string()).collect();
        assert_eq!(read(&format!("seq={}", many.join(","))), None);
    }
}
