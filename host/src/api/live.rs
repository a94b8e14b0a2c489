//! `WS /api/v1/ws/validation/{building_id}`: one live connection.
//!
//! The first message says who it is: no token stands in an address, where logs and histories keep it.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{SinkExt as _, StreamExt as _};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use serde::Deserialize as _;
use tokio::sync::mpsc;
use tokio::time::{Instant, interval_at, sleep_until, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::frame::{CloseFrame, Frame};
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message, Utf8Bytes};

use super::body::Path;
use super::health::not_ready;
use super::problem::Problem;
use super::state::AppState;
use crate::auth::{Caller, Permission, Proof};
use crate::store::{Added, NewEdit, now};
use crate::sync::{Client, FromClient, HubStats, JoinError, Kick, ToClient, Visit, close};

/// For the first message.
const HELLO: Duration = Duration::from_secs(8);
/// Between two pings, and for the answer.
const PING: Duration = Duration::from_secs(25);
const PONG: Duration = Duration::from_secs(8);
/// A client that takes nothing for so long is let go.
const SENDING: Duration = Duration::from_secs(15);
/// Bytes of a message of a client.
const LARGEST: usize = 256 << 10;
/// Bytes that a connection's reader holds: 5 000 of them shall fit into little memory.
const READ_BUFFER: usize = 4 << 10;
/// Messages go out in frames of this size: what a connection once had to send at a time, it keeps
/// room for.
const FRAME: usize = 8 << 10;
/// Messages that are sent with one call of the system, where several wait.
const AT_ONCE: usize = 16;
/// Letters of what a client calls its edit, and of what it shows.
const LONGEST_REQUEST: usize = 100;
const MOST_ELEMENTS: usize = 200;
const LONGEST_ELEMENT: usize = 100;
/// Edits in one message: each is a part of a second for everybody who looks.
const MOST_AT_ONCE: usize = 500;
/// Edits of one model: a replica that opens it makes them all again, a few milliseconds each.
const MOST_EDITS: i64 = 10_000;

/// Live connections of this replica
#[utoipa::path(
    get, path = "/api/v1/ws/stats", tag = "live",
    responses((status = 200, body = HubStats)),
)]
pub(super) async fn stats(State(state): State<AppState>) -> axum::Json<HubStats> {
    axum::Json(state.services().hub.stats())
}

/// Live sync of a building
///
/// A WebSocket. The first message is `{"type":"hello","token":"…"}`; docs/live-sync.md has the others.
#[utoipa::path(
    get, path = "/api/v1/ws/validation/{building_id}", tag = "live",
    params(("building_id" = String, Path)),
    responses(
        (status = 101, description = "the connection is a WebSocket now"),
        (status = 403, description = "a page of another origin"),
        (status = 426, description = "no WebSocket handshake"),
    ),
)]
pub(super) async fn connect(
    State(state): State<AppState>,
    Path(building): Path<String>,
    request: Request,
) -> Response {
    if let Some(problem) = not_ready(&state) {
        return problem.into_response();
    }
    if !same_origin(&state, request.headers()) {
        let detail = "pages of this origin may not connect; --allow-origin names those that may";
        return Problem::new(StatusCode::FORBIDDEN, "origin", detail).into_response();
    }
    let Some(accept) = accepted(request.headers()) else {
        let detail = "this is a WebSocket: connect to it with ws:// or wss://";
        let problem = Problem::new(StatusCode::UPGRADE_REQUIRED, "no-websocket", detail);
        let upgrade = [
            (header::UPGRADE, "websocket"),
            (header::SEC_WEBSOCKET_VERSION, "13"),
        ];
        return (upgrade, problem).into_response();
    };
    tokio::spawn(async move {
        // The client has gone before its connection became one.
        let Ok(upgraded) = hyper::upgrade::on(request).await else {
            return;
        };
        let mut config = WebSocketConfig::default();
        config.read_buffer_size = READ_BUFFER;
        config.write_buffer_size = FRAME;
        config.max_message_size = Some(LARGEST);
        config.max_frame_size = Some(LARGEST);
        let stream = TokioIo::new(upgraded);
        let socket = WebSocketStream::from_raw_socket(stream, Role::Server, Some(config)).await;
        serve(state, building, Socket(socket)).await;
    });
    let headers = [
        (header::CONNECTION, HeaderValue::from_static("upgrade")),
        (header::UPGRADE, HeaderValue::from_static("websocket")),
        (header::SEC_WEBSOCKET_ACCEPT, accept),
    ];
    (StatusCode::SWITCHING_PROTOCOLS, headers).into_response()
}

/// The answer to a handshake (RFC 6455, 4.2.2); none where it is none.
fn accepted(headers: &HeaderMap) -> Option<HeaderValue> {
    let has = |name: header::HeaderName, word: &str| {
        let lines = headers
            .get_all(name)
            .iter()
            .filter_map(|line| line.to_str().ok());
        lines
            .flat_map(|line| line.split(','))
            .any(|given| given.trim().eq_ignore_ascii_case(word))
    };
    let handshake = has(header::CONNECTION, "upgrade")
        && has(header::UPGRADE, "websocket")
        && has(header::SEC_WEBSOCKET_VERSION, "13");
    let key = headers
        .get(header::SEC_WEBSOCKET_KEY)
        .filter(|_| handshake)?;
    HeaderValue::from_str(&derive_accept_key(key.as_bytes())).ok()
}

/// A connection, and how things are sent over it.
struct Socket(WebSocketStream<TokioIo<Upgraded>>);

impl Socket {
    async fn recv(&mut self) -> Option<Result<Message, Error>> {
        self.0.next().await
    }

    async fn send(&mut self, message: Message) -> Result<(), Error> {
        self.0.send(message).await
    }

    /// Takes a text to be sent; [`Socket::flush`] sends it.
    async fn feed(&mut self, text: Utf8Bytes) -> Result<(), Error> {
        if text.len() <= FRAME {
            return self.0.feed(Message::Text(text)).await;
        }
        let bytes = bytes::Bytes::from(text);
        let mut at = 0;
        while at < bytes.len() {
            let end = (at + FRAME).min(bytes.len());
            let kind = if at == 0 { Data::Text } else { Data::Continue };
            let frame =
                Frame::message(bytes.slice(at..end), OpCode::Data(kind), end == bytes.len());
            self.0.feed(Message::Frame(frame)).await?;
            at = end;
        }
        Ok(())
    }

    async fn flush(&mut self) -> Result<(), Error> {
        self.0.flush().await
    }

    async fn text(&mut self, text: Utf8Bytes) -> Result<(), Error> {
        self.feed(text).await?;
        self.flush().await
    }
}

/// Browsers say which page connects; programs say nothing.
fn same_origin(state: &AppState, headers: &HeaderMap) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return true;
    };
    if state.settings().origins.contains(origin) {
        return true;
    }
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let origin = origin
        .to_str()
        .ok()
        .and_then(|origin| origin.split_once("://"));
    matches!((origin, host), (Some((_, origin)), Some(host)) if origin.eq_ignore_ascii_case(host))
}

/// Counts a connection while it lives.
struct Counted(AppState);

impl Counted {
    fn new(state: &AppState) -> Counted {
        state
            .services()
            .hub
            .connections()
            .fetch_add(1, Ordering::Relaxed);
        state.services().metrics.live_connections.inc();
        Counted(state.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0
            .services()
            .hub
            .connections()
            .fetch_sub(1, Ordering::Relaxed);
        self.0.services().metrics.live_connections.dec();
    }
}

/// Why a connection ends.
struct End {
    code: u16,
    reason: &'static str,
}

fn end(code: u16, reason: &'static str) -> End {
    End { code, reason }
}

async fn serve(state: AppState, building: String, mut socket: Socket) {
    let counted = Counted::new(&state);
    let End { code, reason } = match hello(&state, &building, &mut socket).await {
        Ok(connection) => {
            let hub = &state.services().hub;
            let (organisation, id) = (connection.caller.organisation.clone(), connection.id);
            let ended = connection.run(&mut socket).await;
            hub.leave(&organisation, &building, id);
            ended
        }
        Err(ended) => ended,
    };
    let metrics = &state.services().metrics;
    metrics
        .live_disconnects
        .with_label_values(&[&code.to_string()])
        .inc();
    let frame = CloseFrame {
        code: code.into(),
        reason: Utf8Bytes::from_static(reason),
    };
    // Who has gone does not hear it.
    let _ = timeout(
        Duration::from_secs(1),
        socket.send(Message::Close(Some(frame))),
    )
    .await;
    drop(counted);
}

/// The first message, and what follows from it.
async fn hello(state: &AppState, building: &str, socket: &mut Socket) -> Result<Connection, End> {
    let first = match timeout(HELLO, socket.recv()).await {
        Ok(Some(Ok(Message::Text(text)))) => text,
        Ok(None | Some(Err(_))) => return Err(end(close::NORMAL, "gone")),
        Ok(Some(Ok(_))) => return Err(end(close::BAD_MESSAGE, "say hello first")),
        Err(_) => return Err(end(close::SILENT, "no hello in time")),
    };
    let Ok(FromClient::Hello { token, epoch, seq }) = serde_json::from_str(&first) else {
        return Err(end(
            close::BAD_MESSAGE,
            "the first message is hello with a token",
        ));
    };
    let services = state.services();
    let caller = services.accounts.caller(&token).await;
    let caller = caller.map_err(|error| match error {
        crate::auth::AuthError::Store(_) => end(close::LATER, "the database does not answer"),
        _ => end(close::UNAUTHORIZED, "the token is not valid"),
    })?;
    if !caller.may(Permission::ValidationRead) {
        return Err(end(close::FORBIDDEN, "this needs validation:read"));
    }
    if state.loaded().is_none() {
        return Err(end(close::LATER, "modules are being loaded"));
    }
    let visit = services
        .hub
        .visit(&caller.id, &caller.organisation, building)
        .ok_or_else(|| end(close::LATER, "you look at too many buildings at once"))?;
    let id = services.hub.number();
    let (client, messages, kick) = Client::new(id, &caller);
    services.hub.watch(proof(&caller), &kick);
    let seen = epoch.zip(seq);
    let join = services
        .hub
        .join(state, &caller.organisation, building, client, seen);
    let joined = join.await;
    match joined {
        Ok(_) => {}
        Err(JoinError::NoBuilding) => return Err(end(close::NO_BUILDING, "no such building")),
        Err(JoinError::Busy) => return Err(end(close::LATER, "no room now")),
        Err(JoinError::Unavailable) => {
            return Err(end(close::LATER, "the database does not answer"));
        }
        Err(JoinError::Failed(why)) => {
            let text = ToClient::Error {
                code: "check-failed",
                message: &why,
                request: None,
            };
            let _ = timeout(SENDING, socket.text(text.text())).await;
            return Err(end(close::FAILED, "the building cannot be checked"));
        }
    }
    Ok(Connection {
        state: state.clone(),
        building: building.to_owned(),
        caller,
        id,
        messages,
        kick,
        _visit: visit,
    })
}

/// What ends the connection when it ends.
fn proof(caller: &Caller) -> &str {
    match &caller.proof {
        Proof::Session(id) | Proof::ApiKey(id) => id,
        Proof::Nobody => "",
    }
}

struct Connection {
    state: AppState,
    building: String,
    caller: Caller,
    id: u64,
    messages: mpsc::Receiver<Utf8Bytes>,
    kick: Arc<Kick>,
    /// Counts while the connection lives.
    _visit: Visit,
}

impl Connection {
    async fn run(mut self, socket: &mut Socket) -> End {
        let mut ping = interval_at(Instant::now() + PING, PING);
        let mut waits_for_pong: Option<Instant> = None;
        let kick = Arc::clone(&self.kick);
        loop {
            let silent = waits_for_pong.unwrap_or_else(|| Instant::now() + PING * 2);
            let expires = self.expires();
            tokio::select! {
                biased;
                code = kick.code() => return end(code, reason_of(code)),
                () = sleep_until(expires) => return end(close::UNAUTHORIZED, "the token has expired"),
                () = sleep_until(silent), if waits_for_pong.is_some() => {
                    return end(close::SILENT, "no pong in time");
                }
                Some(message) = self.messages.recv() => {
                    let messages = &mut self.messages;
                    let sent = timeout(SENDING, async {
                        socket.feed(message).await?;
                        for _ in 0..AT_ONCE {
                            let Ok(message) = messages.try_recv() else { break };
                            socket.feed(message).await?;
                        }
                        socket.flush().await
                    });
                    match tokio::select! { sent = sent => sent, code = kick.code() => return end(code, reason_of(code)) } {
                        Ok(Ok(())) => {}
                        Ok(Err(_)) => return end(close::NORMAL, "gone"),
                        Err(_) => return end(close::SLOW, "too slow"),
                    }
                }
                _ = ping.tick() => {
                    if timeout(SENDING, socket.send(Message::Ping(bytes::Bytes::new()))).await.is_err() {
                        return end(close::SLOW, "too slow");
                    }
                    waits_for_pong.get_or_insert(Instant::now() + PONG);
                }
                received = socket.recv() => match received {
                    None | Some(Err(_)) => return end(close::NORMAL, "gone"),
                    // The next look sends the answer to it, and finds that the other side has gone.
                    Some(Ok(Message::Close(_))) => {
                        let _ = timeout(Duration::from_secs(1), socket.recv()).await;
                        return end(close::NORMAL, "bye");
                    }
                    Some(Ok(Message::Pong(_))) => waits_for_pong = None,
                    Some(Ok(Message::Ping(_) | Message::Frame(_))) => {}
                    Some(Ok(Message::Binary(_))) => return end(close::BAD_MESSAGE, "messages are text"),
                    Some(Ok(Message::Text(text))) => match self.hear(&text).await {
                        Ok(None) => {}
                        Ok(Some(answer)) => {
                            if !matches!(timeout(SENDING, socket.text(answer)).await, Ok(Ok(()))) {
                                return end(close::NORMAL, "gone");
                            }
                        }
                        Err(ended) => return ended,
                    },
                },
            }
        }
    }

    fn expires(&self) -> Instant {
        /// Keys without an end.
        const FAR: Duration = Duration::from_secs(24 * 3600);
        let left = self
            .caller
            .expires
            .map(|at| at.saturating_mul(1_000).saturating_sub(now()));
        let left = left.map(|millis| Duration::from_millis(u64::try_from(millis).unwrap_or(0)));
        Instant::now() + left.unwrap_or(FAR).min(FAR)
    }

    /// Does what a message says; the answer is for this client alone.
    async fn hear(&mut self, text: &str) -> Result<Option<Utf8Bytes>, End> {
        let services = self.state.services();
        if services.limits.caller(&self.caller.id).is_err() {
            services
                .metrics
                .rate_limited
                .with_label_values(&["caller"])
                .inc();
            return Err(end(close::TOO_MANY, "too many messages"));
        }
        let message: FromClient = match serde_json::from_str(text) {
            Ok(message) => message,
            Err(error) => {
                let why = super::body::quoted(&error.to_string());
                return Ok(Some(refusal("bad-message", &why, None)));
            }
        };
        match message {
            FromClient::Ping => Ok(Some(ToClient::Pong.text())),
            FromClient::Hello { .. } => Ok(Some(refusal("bad-message", "hello was said", None))),
            FromClient::Renew { token } => self.renew(&token).await,
            FromClient::Edit { request, edits } => self.edit(&request, edits).await,
            FromClient::Highlight { elements, finding } => self.highlight(elements, finding).await,
        }
    }

    async fn renew(&mut self, token: &str) -> Result<Option<Utf8Bytes>, End> {
        match self.state.services().accounts.caller(token).await {
            Ok(caller)
                if caller.id == self.caller.id
                    && caller.organisation == self.caller.organisation =>
            {
                let hub = &self.state.services().hub;
                hub.unwatch(proof(&self.caller), &self.kick);
                hub.watch(proof(&caller), &self.kick);
                self.caller = caller;
                Ok(None)
            }
            _ => Err(end(close::UNAUTHORIZED, "the token is not valid")),
        }
    }

    async fn edit(
        &mut self,
        request: &str,
        edits: Vec<serde_json::Value>,
    ) -> Result<Option<Utf8Bytes>, End> {
        let services = self.state.services();
        let no = |code, why: &str| Ok(Some(refusal(code, why, Some(request))));
        if request.is_empty()
            || request.len() > LONGEST_REQUEST
            || request.chars().any(char::is_control)
        {
            return no("bad-message", "request has 1 to 100 letters");
        }
        if let Err(why) = readable(&edits) {
            return no("bad-edit", &why);
        }
        let edits = serde_json::Value::Array(edits).to_string();
        self.caller = match services.accounts.still(&self.caller).await {
            Ok(caller) => caller,
            Err(_) => return Err(end(close::UNAUTHORIZED, "the session has ended")),
        };
        if !self.caller.may(Permission::ValidationWrite) {
            return no("forbidden", "this needs the permission validation:write");
        }
        let (store, organisation) = (&services.store, &self.caller.organisation);
        let added = async {
            let building = store.building(organisation, &self.building).await?;
            let Some(building) = building else {
                return Ok(None);
            };
            let new = NewEdit {
                edit: &edits,
                account: &self.caller.id,
                actor: &self.caller.name,
                request,
            };
            let last = store
                .last_edit(organisation, &self.building, &building.epoch)
                .await?;
            if last >= MOST_EDITS {
                return Ok(Some(None));
            }
            let added = store.add_edit(organisation, &self.building, &building.epoch, &new);
            added.await.map(|added| Some(Some((added, building.epoch))))
        };
        match added.await {
            Ok(Some(None)) => no(
                "too-many-edits",
                "upload the model as it is now, then go on",
            ),
            Ok(Some(Some((Added::New(_), _)))) => {
                services
                    .hub
                    .edited(&self.state, organisation, &self.building)
                    .await;
                Ok(None)
            }
            // Its message was sent once already, maybe to a connection that has gone.
            Ok(Some(Some((Added::Known(seq), epoch)))) => {
                let known = ToClient::EditKnown {
                    request,
                    epoch: &epoch,
                    seq,
                };
                Ok(Some(known.text()))
            }
            Ok(None) => Err(end(close::NO_BUILDING, "no such building")),
            Err(error) => {
                tracing::warn!(%error, "an edit was not kept");
                no(
                    "store-unavailable",
                    "the database does not answer; send it again",
                )
            }
        }
    }

    async fn highlight(
        &self,
        elements: Vec<String>,
        finding: Option<String>,
    ) -> Result<Option<Utf8Bytes>, End> {
        let fits = |text: &String| text.len() <= LONGEST_ELEMENT;
        if elements.len() > MOST_ELEMENTS || !elements.iter().chain(&finding).all(fits) {
            return Ok(Some(refusal("bad-message", "at most 200 elements", None)));
        }
        let text = ToClient::ValidationHighlight {
            by: &self.caller.name,
            elements: &elements,
            finding: finding.as_deref(),
        };
        let text = text.text().to_string();
        let hub = &self.state.services().hub;
        hub.highlight(&self.state, &self.caller.organisation, &self.building, text)
            .await;
        Ok(None)
    }
}

/// Whether the engine could read these edits. What it could not is refused here, and has no number: it
/// would be kept, and read again by everybody.
fn readable(edits: &[serde_json::Value]) -> Result<(), String> {
    if edits.is_empty() || edits.len() > MOST_AT_ONCE {
        return Err(format!("send 1 to {MOST_AT_ONCE} edits in one message"));
    }
    for (number, edit) in edits.iter().enumerate() {
        plancheck_engine::rules::Edit::deserialize(edit).map_err(|error| {
            let why = super::body::quoted(&error.to_string());
            format!("edit {}: {why}", number + 1)
        })?;
    }
    Ok(())
}

fn refusal(code: &str, message: &str, request: Option<&str>) -> Utf8Bytes {
    ToClient::Error {
        code,
        message,
        request,
    }
    .text()
}

fn reason_of(code: u16) -> &'static str {
    match code {
        close::RESTART => "the server restarts; connect again",
        close::SLOW => "too slow",
        close::LATER => "no room now; connect again later",
        close::UNAUTHORIZED => "the session has ended",
        close::NO_BUILDING => "the building was removed",
        close::FAILED => "the check failed; connect again",
        _ => "",
    }
}
