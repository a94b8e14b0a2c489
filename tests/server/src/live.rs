//! A client of live sync.

use std::io::ErrorKind;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tungstenite::client::IntoClientRequest as _;
use tungstenite::{Error, Message, WebSocket};

use crate::{Host, PATIENCE};

/// A live connection.
pub struct Live {
    socket: WebSocket<TcpStream>,
}

/// How a connection ended: the close code; 1006 where it broke off.
pub type Ended = u16;

impl Live {
    /// Connects without a hello.
    ///
    /// # Panics
    /// There is no handshake.
    #[must_use]
    pub fn open(host: &Host, building: &str) -> Live {
        Live::try_open(host, building, &[]).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Connects without a hello, with further headers.
    ///
    /// # Errors
    /// The answer to the handshake.
    ///
    /// # Panics
    /// Nobody listens.
    pub fn try_open(
        host: &Host,
        building: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<Live, Box<Error>> {
        let stream = TcpStream::connect(&host.address).expect("a connection");
        stream
            .set_read_timeout(Some(Duration::from_millis(50)))
            .expect("a timeout");
        stream.set_nodelay(true).expect("no delay");
        let url = format!("ws://{}/api/v1/ws/validation/{building}", host.address);
        let mut request = url.into_client_request().expect("a request");
        for (name, value) in headers {
            request
                .headers_mut()
                .insert(*name, value.parse().expect("a header"));
        }
        let mut handshake = tungstenite::client(request, stream);
        loop {
            match handshake {
                Ok((socket, _)) => return Ok(Live { socket }),
                Err(tungstenite::HandshakeError::Interrupted(middle)) => {
                    handshake = middle.handshake()
                }
                Err(tungstenite::HandshakeError::Failure(error)) => return Err(Box::new(error)),
            }
        }
    }

    /// Connects and says hello. Answers the first message, which says where things stand.
    ///
    /// # Panics
    /// It is not let in.
    #[must_use]
    pub fn join(host: &Host, building: &str, token: &str) -> (Live, Value) {
        Live::resume(host, building, token, None)
    }

    /// Connects and says what it saw last.
    ///
    /// # Panics
    /// It is not let in.
    #[must_use]
    pub fn resume(
        host: &Host,
        building: &str,
        token: &str,
        seen: Option<(&str, i64)>,
    ) -> (Live, Value) {
        let mut live = Live::open(host, building);
        let mut hello = json!({ "type": "hello", "token": token });
        if let Some((epoch, seq)) = seen {
            hello["epoch"] = epoch.into();
            hello["seq"] = seq.into();
        }
        live.say(&hello);
        let status = live.wait_for("connection_status");
        (live, status)
    }

    /// Sends a message.
    ///
    /// # Panics
    /// It cannot be sent.
    pub fn say(&mut self, message: &Value) {
        self.try_say(message)
            .unwrap_or_else(|error| panic!("{error}"));
    }

    /// Sends a message.
    ///
    /// # Errors
    /// It cannot be sent.
    pub fn try_say(&mut self, message: &Value) -> Result<(), Box<Error>> {
        self.socket
            .send(Message::text(message.to_string()))
            .map_err(Box::new)
    }

    /// Sends an edit that gives an element a property.
    pub fn edit(&mut self, request: &str, element: &str, name: &str, value: &Value) {
        self.say(&edit(request, element, name, value));
    }

    /// The next message within some time; none: there is none. Errors are how the connection ended.
    ///
    /// # Errors
    /// The close code.
    ///
    /// # Panics
    /// A message is no JSON.
    pub fn next(&mut self, patience: Duration) -> Result<Option<Value>, Ended> {
        let until = Instant::now() + patience;
        loop {
            match self.socket.read() {
                Ok(Message::Text(text)) => {
                    return Ok(Some(serde_json::from_str(&text).expect("JSON")));
                }
                Ok(Message::Close(frame)) => {
                    return Err(frame.map_or(1005, |frame| frame.code.into()));
                }
                Ok(_) => {}
                Err(Error::Io(error))
                    if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) =>
                {
                    if Instant::now() > until {
                        return Ok(None);
                    }
                }
                Err(_) => return Err(1006),
            }
        }
    }

    /// The next message of a type; others are passed over.
    ///
    /// # Panics
    /// It does not come.
    #[track_caller]
    pub fn wait_for(&mut self, kind: &str) -> Value {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            match self.next(Duration::from_millis(200)) {
                Ok(Some(message)) if message["type"] == kind => return message,
                Ok(_) => {}
                Err(code) => panic!("waiting for {kind}: closed with {code}"),
            }
        }
        panic!("no {kind} came");
    }

    /// The close code with which the server ends the connection; messages are passed over.
    ///
    /// # Panics
    /// It does not end.
    #[track_caller]
    pub fn wait_until_closed(&mut self) -> Ended {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if let Err(code) = self.next(Duration::from_millis(200)) {
                return code;
            }
        }
        panic!("it was never closed");
    }
}

/// The message that gives an element a property.
#[must_use]
pub fn edit(request: &str, element: &str, name: &str, value: &Value) -> Value {
    json!({
        "type": "edit", "request": request,
        "edits": [{ "op": "set_property", "element": element, "set": "", "name": name, "value": value }],
    })
}
