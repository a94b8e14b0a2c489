//! Who may use a route: asked before its handler runs.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use ipnet::IpNet;

use super::problem::Problem;
use super::state::AppState;
use crate::auth::{AuthError, Caller, Permission, Role};
use crate::store::{AuditEntry, StoreError};

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody, as often as they like: whoever watches the server.
    Probe,
    /// Everybody.
    Public,
    /// Everybody where the host is open to nobody in particular, else who has the permission.
    Open(Permission),
    /// Who is logged in.
    Signed,
    /// Who has the permission.
    Needs(Permission),
}

impl Access {
    /// The permission, where one is needed.
    #[must_use]
    pub fn permission(self) -> Option<Permission> {
        match self {
            Access::Open(what) | Access::Needs(what) => Some(what),
            Access::Probe | Access::Public | Access::Signed => None,
        }
    }
}

/// Where a connection comes from; the server puts it into each request.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// Where a request comes from: the connection's peer, or what a trusted proxy says.
#[derive(Clone, Copy, Debug)]
pub struct ClientAddress(pub IpAddr);

const NOWHERE: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
/// How many proxies in a row are believed.
const LONGEST_CHAIN: usize = 10;

/// The address of the client: of the header `X-Forwarded-For`, the last one that no trusted proxy
/// has. What stands before it the client may have written itself.
#[must_use]
pub fn client_address(peer: Option<IpAddr>, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let Some(peer) = peer else { return NOWHERE };
    let is_trusted = |address: &IpAddr| {
        let address = address.to_canonical();
        trusted.iter().any(|net| net.contains(&address))
    };
    if !is_trusted(&peer) {
        return peer.to_canonical();
    }
    let lines = headers.get_all("x-forwarded-for").iter();
    let all: Vec<&str> = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','))
        .map(str::trim)
        .collect();
    let mut last = peer;
    for text in all.iter().rev().take(LONGEST_CHAIN) {
        let Ok(address) = text.parse::<IpAddr>() else {
            break;
        };
        last = address;
        if !is_trusted(&address) {
            break;
        }
    }
    last.to_canonical()
}

/// Finds out who asks, counts them, and lets through who may.
pub(super) async fn guard(
    State((state, access)): State<(AppState, Access)>,
    mut request: Request,
    next: Next,
) -> Response {
    let peer = request.extensions().get::<Peer>().map(|peer| peer.0.ip());
    let trusted = &state.settings().trusted_proxies;
    let address = client_address(peer, request.headers(), trusted);
    request.extensions_mut().insert(ClientAddress(address));
    if access != Access::Probe
        && let Err(seconds) = state.services().limits.address(address)
    {
        return too_many(&state, "address", seconds);
    }
    let caller = match caller(&state, request.headers(), access).await {
        Ok(caller) => caller,
        Err(problem) => return problem.into_response(),
    };
    if caller.role.is_some()
        && let Err(seconds) = state.services().limits.caller(&caller.id)
    {
        return too_many(&state, "caller", seconds);
    }
    if let Err(problem) = allowed(&state, access, &caller) {
        let path = request.extensions().get::<MatchedPath>();
        let what = path.map(|path| format!("{} {}", request.method(), path.as_str()));
        refused(&state, &caller, what, address).await;
        return problem.into_response();
    }
    request.extensions_mut().insert(caller);
    next.run(request).await
}

fn too_many(state: &AppState, scope: &str, seconds: u32) -> Response {
    state
        .services()
        .metrics
        .rate_limited
        .with_label_values(&[scope])
        .inc();
    Problem::too_many(
        "rate-limited",
        "too many requests; wait, then go on",
        seconds,
    )
    .into_response()
}

async fn caller(state: &AppState, headers: &HeaderMap, access: Access) -> Result<Caller, Problem> {
    let Some(bearer) = bearer(headers)? else {
        return Ok(Caller::nobody());
    };
    // Who comes with an old token may still ask whether the server lives.
    if matches!(access, Access::Probe | Access::Public) {
        return Ok(Caller::nobody());
    }
    state
        .services()
        .accounts
        .caller(bearer)
        .await
        .map_err(Problem::from)
}

fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    let Some(first) = all.next() else {
        return Ok(None);
    };
    if all.next().is_some() {
        return Err(Problem::unauthorized("send one Authorization header"));
    }
    let text = first.to_str().unwrap_or_default();
    match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Some(token.trim())),
        _ => Err(Problem::unauthorized(
            "send Authorization: Bearer, and an access token or a key",
        )),
    }
}

fn allowed(state: &AppState, access: Access, caller: &Caller) -> Result<(), Problem> {
    match access {
        Access::Probe | Access::Public => Ok(()),
        Access::Open(_) if state.settings().open => Ok(()),
        Access::Open(what) | Access::Needs(what) => needs(caller, what),
        Access::Signed if caller.role.is_some() => Ok(()),
        Access::Signed => Err(Problem::unauthorized(
            "log in first: POST /api/v1/auth/login",
        )),
    }
}

/// Whether somebody may do something: for handlers that ask for more than their route does.
pub(super) fn needs(caller: &Caller, what: Permission) -> Result<(), Problem> {
    match caller.role {
        None => Err(Problem::unauthorized(
            "log in first: POST /api/v1/auth/login",
        )),
        Some(role) if role.may(what) => Ok(()),
        Some(role) => Err(Problem::new(
            StatusCode::FORBIDDEN,
            "forbidden",
            format!("this needs the permission {what}, which the role {role} does not have"),
        )),
    }
}

/// Somebody who is known was refused: that is worth a line.
pub(super) async fn refused(
    state: &AppState,
    caller: &Caller,
    what: Option<String>,
    address: IpAddr,
) {
    if caller.role.is_none() {
        return;
    }
    // Somebody who asks again and again is worth some lines, not a table of them.
    if !state.services().limits.refusal(&caller.id) {
        state.services().metrics.refusals_unwritten.inc();
        return;
    }
    let entry = AuditEntry {
        organisation: Some(caller.organisation.clone()),
        actor: Some(caller.id.clone()),
        event: "refused".to_owned(),
        subject: what,
        address: Some(address.to_string()),
        ..AuditEntry::default()
    };
    state.services().accounts.note(entry).await;
}

impl From<AuthError> for Problem {
    fn from(error: AuthError) -> Problem {
        match error {
            AuthError::Credentials => Problem::unauthorized("the name or the password is wrong"),
            AuthError::Token(why) => {
                tracing::info!(why, "a token was refused");
                Problem::unauthorized("the token is not valid here, or no longer; log in again")
            }
            AuthError::Throttled(seconds) => Problem::too_many(
                "login-throttled",
                "too many attempts to log in; wait, then try again",
                seconds,
            ),
            AuthError::Password(error) => {
                tracing::warn!(%error, "a password was not computed");
                Problem::busy("busy", "too many log in at the same time", 5)
            }
            AuthError::Store(error) => error.into(),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Problem {
        match error {
            StoreError::Unavailable(why) => {
                tracing::warn!(why, "the database was needed");
                Problem::busy(
                    "store-unavailable",
                    "the database of this server does not answer",
                    5,
                )
            }
            StoreError::Conflict => {
                Problem::new(StatusCode::CONFLICT, "exists", "it is there already")
            }
            StoreError::Text => Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "bad-text",
                "a text with a NUL character",
            ),
            StoreError::Address(_)
            | StoreError::Login(_)
            | StoreError::NoDatabase(_)
            | StoreError::Empty => {
                tracing::error!(%error, "the database was needed");
                Problem::busy(
                    "store-unavailable",
                    "the database of this server does not answer",
                    5,
                )
            }
            StoreError::Fault(error) => {
                tracing::error!(%error, "the database refused a statement");
                Problem::internal()
            }
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Caller, Problem> {
        // Every route has a guard; a request that came past it is a fault. A handler asks once.
        parts
            .extensions
            .remove::<Caller>()
            .ok_or_else(Problem::internal)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<ClientAddress, Problem> {
        parts
            .extensions
            .get::<ClientAddress>()
            .copied()
            .ok_or_else(Problem::internal)
    }
}

/// What each role may use, for the documentation: method, path, who.
#[must_use]
pub fn roles_of(access: Access) -> Vec<Role> {
    let may = |role: &Role| access.permission().is_none_or(|what| role.may(what));
    Role::ALL.into_iter().filter(may).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(peer: &str, forwarded: &str, trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded.parse().unwrap());
        let trusted: Vec<IpNet> = trusted.iter().map(|net| net.parse().unwrap()).collect();
        client_address(Some(peer.parse().unwrap()), &headers, &trusted).to_string()
    }

    #[test]
    fn only_trusted_proxies_say_who_a_client_is() {
        let proxies = &["10.0.0.0/8", "::1/128"];
        assert_eq!(from("192.0.2.1", "203.0.113.9", proxies), "192.0.2.1");
        assert_eq!(from("10.1.1.1", "203.0.113.9", proxies), "203.0.113.9");
        assert_eq!(
            from("10.1.1.1", "1.2.3.4, 203.0.113.9, 10.2.2.2", proxies),
            "203.0.113.9"
        );
        assert_eq!(from("10.1.1.1", "nonsense", proxies), "10.1.1.1");
        assert_eq!(from("10.1.1.1", "203.0.113.9", &[]), "10.1.1.1");
        assert_eq!(
            from("::ffff:10.1.1.1", "203.0.113.9", proxies),
            "203.0.113.9"
        );
    }
}
