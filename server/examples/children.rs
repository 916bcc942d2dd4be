//! A page of the list of children, by each filter, over a full kabupaten, beside the SQL that it
//! rests on; and the other pages: `cargo run --release -p server --example children [CHILDREN]`.
#![expect(clippy::print_stdout, reason = "printing is what it is for")]

mod made_up;

use anyhow::Context;
use made_up::time;
use server::access::selection::everywhere;
use server::admin::people;
use server::http::{Channel, Gateway, Request, Settings};
use server::report::by_name::Finding;
use server::report::prevalence::Low;
use server::service::Service;
use server::store::{ChildQuery, GrantOf, Narrowed, NikSearch, Role, Selection, StoreError};
use std::sync::Arc;
use sync_protocol::area::Scope;
use sync_protocol::month::Month;
use sync_protocol::sasaran::TargetList;

/// Rows of a page, and one more that says whether there is another.
const ROWS: usize = 51;
const PASSWORD: &str = "kata sandi contoh";

fn main() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let service = Arc::new(made_up::kabupaten(dir.path())?);
    let gateway = Gateway::new(Arc::clone(&service), Settings::default());
    let session = log_in(&gateway, &service)?;
    let month: Month = "2026-10".parse()?;
    let sign = |finding: Finding| Narrowed::Sasaran(TargetList::of(month), finding.sign(month));
    let severe = sign(Finding::Wasted(Low::Severe));
    let all = [
        ("everybody", "/balita", "", Narrowed::Not),
        ("a rare name", "/balita?cari=anak+39999", "Anak 39999", Narrowed::Not),
        ("nobody", "/balita?cari=zzz", "zzz", Narrowed::Not),
        ("gizi buruk", "/balita?saring=gizi_buruk", "", severe),
        ("stunting", "/balita?saring=stunting", "", sign(Finding::Stunted(Low::All))),
        ("2T", "/balita?saring=2t", "", sign(Finding::TwiceNotGained)),
        (
            "one kecamatan",
            "/balita?area=16.04.06&saring=stunting",
            "",
            sign(Finding::Stunted(Low::All)),
        ),
        ("stunting in a month", "/balita?saring=stunting&month=2026-10", "", Narrowed::Not),
    ];
    for (what, address, text, narrowed) in all {
        let area = if address.contains("area=") { Some("16.04.06") } else { None };
        let query = query(&service, area, text, narrowed)?;
        time(&format!("{what}, SQL"), || sql(&service, &query))?;
        time(&format!("{what}, page"), || page(&gateway, &session, address))?;
    }
    for (what, address) in [
        ("Ringkasan", "/?month=2026-10"),
        ("its trend", "/tren.svg?month=2026-10"),
        ("Konflik", "/konflik"),
        ("Tertahan", "/tertahan"),
    ] {
        time(&format!("{what}, page"), || page(&gateway, &session, address))?;
    }
    Ok(())
}

fn query(
    service: &Service,
    area: Option<&str>,
    text: &str,
    narrowed: Narrowed,
) -> anyhow::Result<ChildQuery> {
    let scope = match area {
        Some(area) => Scope::of([area.parse()?]),
        None => service.read_as_operator::<_, StoreError>(|tx, _| everywhere(tx))?,
    };
    Ok(ChildQuery {
        selection: Selection::of(scope),
        words: text.split_whitespace().map(str::to_owned).collect(),
        nik: NikSearch::All,
        narrowed,
    })
}

/// What the page rests on: its rows, and how many there are.
fn sql(service: &Service, query: &ChildQuery) -> anyhow::Result<String> {
    let (rows, count) = service.read_as_operator::<_, StoreError>(|tx, _| {
        Ok((tx.children_by_name(query, None, ROWS)?, tx.count_children(query)?))
    })?;
    Ok(format!("{} of {count}", rows.len()))
}

fn page(gateway: &Gateway, session: &str, address: &str) -> anyhow::Result<String> {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let request = Request {
        path: path.to_owned(),
        query: query.to_owned(),
        session: Some(session.to_owned()),
        ..browser("GET")
    };
    let response = gateway.answer(&request);
    anyhow::ensure!(response.status == 200, "status {}", response.status);
    Ok(format!("{} bytes", response.body.len()))
}

/// The session of somebody who sees the whole kabupaten.
fn log_in(gateway: &Gateway, service: &Service) -> anyhow::Result<String> {
    let grants = vec![GrantOf::Area("16.04".parse()?)];
    let worker = people::add_worker(service, "Rina".to_owned(), Role::Penyelia, grants)?;
    people::set_password(service, worker, Some("rina"), PASSWORD)?;
    let body = format!("nama=rina&sandi={}", PASSWORD.replace(' ', "+"));
    let request = Request { path: "/masuk".to_owned(), body: body.into_bytes(), ..browser("POST") };
    let response = gateway.answer(&request);
    let cookie = response.headers.iter().find(|(name, _)| *name == "Set-Cookie");
    let cookie = cookie.map(|(_, value)| value.as_str()).context("no session")?;
    let session = cookie.split(['=', ';']).nth(1).context("no session")?;
    Ok(session.to_owned())
}

fn browser(method: &str) -> Request {
    Request {
        method: method.to_owned(),
        accept: Some("text/html".to_owned()),
        channel: Channel::Loopback,
        ..Request::default()
    }
}
