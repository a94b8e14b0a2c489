//! A client of WebSockets that costs a few hundred bytes: thousands of them must not be what is
//! measured. It knows what the server sends: whole texts, pings and a close.

use std::io;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

const TEXT: u8 = 1;
const CLOSE: u8 = 8;
const PING: u8 = 9;

/// A connection.
pub struct Socket {
    stream: TcpStream,
    /// What was received and not yet looked at.
    buffer: Vec<u8>,
    /// The frame that is being received; its length is what is still to come of it.
    frame: Option<Frame>,
    /// The beginning of the message, which may come in several frames.
    message: Vec<u8>,
    /// Of a frame between two of those: a ping or a close.
    control: Vec<u8>,
    /// Bytes of a message that are kept; the rest is counted only.
    keep: usize,
    received: usize,
}

/// What comes.
#[derive(Debug)]
pub enum Event {
    /// A message: its beginning, as far as it is kept.
    Text(Vec<u8>),
    /// The server ends the connection with this code.
    Closed(u16),
}

impl Socket {
    /// Connects and shakes hands. `keep` is how much of each message is kept.
    pub async fn open(address: &str, path: &str, keep: usize) -> io::Result<Socket> {
        Socket::shake(TcpStream::connect(address).await?, path, keep).await
    }

    /// The same, with a receive buffer as small as the system allows: for who does not read.
    pub async fn narrow(address: &str, path: &str) -> io::Result<Socket> {
        let socket = TcpSocket::new_v4()?;
        socket.set_recv_buffer_size(4 << 10)?;
        let address = address.parse().map_err(io::Error::other)?;
        Socket::shake(socket.connect(address).await?, path, 0).await
    }

    async fn shake(mut stream: TcpStream, path: &str, keep: usize) -> io::Result<Socket> {
        stream.set_nodelay(true)?;
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: bench\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut buffer = Vec::with_capacity(1 << 10);
        let head = loop {
            if stream.read_buf(&mut buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if let Some(at) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break at + 4;
            }
        };
        if !buffer.starts_with(b"HTTP/1.1 101") {
            return Err(io::Error::other(
                String::from_utf8_lossy(&buffer).into_owned(),
            ));
        }
        buffer.drain(..head);
        Ok(Socket {
            stream,
            buffer,
            frame: None,
            message: Vec::new(),
            control: Vec::new(),
            keep,
            received: 0,
        })
    }

    /// Bytes that were received.
    pub fn received(&self) -> usize {
        self.received
    }

    /// Sends a text.
    pub async fn say(&mut self, text: &str) -> io::Result<()> {
        self.send(TEXT, text.as_bytes()).await
    }

    async fn send(&mut self, kind: u8, payload: &[u8]) -> io::Result<()> {
        let mut frame = vec![0x80 | kind];
        match payload.len() {
            length @ 0..126 => frame.push(0x80 | length as u8),
            length => {
                let length = u16::try_from(length).map_err(io::Error::other)?;
                frame.push(0x80 | 126);
                frame.extend(length.to_be_bytes());
            }
        }
        // Clients must mask; a key of zeros masks nothing and is one.
        frame.extend([0; 4]);
        frame.extend(payload);
        self.stream.write_all(&frame).await
    }

    /// The next message. May be given up and asked again: nothing is lost.
    pub async fn next(&mut self) -> io::Result<Event> {
        loop {
            while let Some((kind, payload)) = self.take() {
                match kind {
                    TEXT => return Ok(Event::Text(payload)),
                    CLOSE => {
                        let code = payload
                            .first_chunk()
                            .map_or(1005, |code| u16::from_be_bytes(*code));
                        return Ok(Event::Closed(code));
                    }
                    PING => self.send(10, &payload).await?,
                    _ => {}
                }
            }
            self.buffer.reserve(4 << 10);
            match self.stream.read_buf(&mut self.buffer).await? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                count => self.received += count,
            }
        }
    }

    /// A whole message, ping or close of what was received.
    fn take(&mut self) -> Option<(u8, Vec<u8>)> {
        loop {
            let mut frame = match self.frame.take() {
                Some(frame) => frame,
                None => {
                    let (frame, head) = frame_head(&self.buffer)?;
                    self.buffer.drain(..head);
                    frame
                }
            };
            let here = frame.length.min(self.buffer.len());
            let (into, most) = match frame.kind >= CLOSE {
                true => (&mut self.control, 125),
                false => (&mut self.message, self.keep),
            };
            let keep = most.saturating_sub(into.len()).min(here);
            into.extend(self.buffer.get(..keep).unwrap_or_default());
            self.buffer.drain(..here);
            if self.buffer.is_empty() {
                // What a large message needed is not kept by thousands.
                self.buffer.shrink_to(4 << 10);
            }
            frame.length -= here;
            if frame.length > 0 {
                self.frame = Some(frame);
                return None;
            }
            if frame.kind >= CLOSE {
                return Some((frame.kind, std::mem::take(&mut self.control)));
            }
            if frame.is_last {
                return Some((TEXT, std::mem::take(&mut self.message)));
            }
        }
    }
}

/// What a frame's head says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Frame {
    kind: u8,
    is_last: bool,
    length: usize,
}

/// The head of a frame, and its own length.
fn frame_head(bytes: &[u8]) -> Option<(Frame, usize)> {
    let [first, second, rest @ ..] = bytes else {
        return None;
    };
    let (length, head) = match second & 0x7f {
        126 => (usize::from(u16::from_be_bytes(*rest.first_chunk()?)), 4),
        127 => (u64::from_be_bytes(*rest.first_chunk()?) as usize, 10),
        length => (usize::from(length), 2),
    };
    let frame = Frame {
        kind: first & 0x0f,
        is_last: first & 0x80 != 0,
        length,
    };
    Some((frame, head))
}

/// The number after `"name":` in the beginning of a message.
pub fn number(text: &[u8], name: &str) -> Option<i64> {
    let from = after(text, name)?;
    let digits: Vec<u8> = from
        .iter()
        .copied()
        .take_while(u8::is_ascii_digit)
        .collect();
    std::str::from_utf8(&digits).ok()?.parse().ok()
}

/// The text after `"name":` in the beginning of a message.
pub fn word<'a>(text: &'a [u8], name: &str) -> Option<&'a str> {
    let from = after(text, name)?.strip_prefix(b"\"")?;
    let end = from.iter().position(|byte| *byte == b'"')?;
    std::str::from_utf8(from.get(..end)?).ok()
}

fn after<'a>(text: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let wanted = format!("\"{name}\":");
    let at = text
        .windows(wanted.len())
        .position(|part| part == wanted.as_bytes())?;
    text.get(at + wanted.len()..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_of_frames_are_read_once_they_are_whole() {
        let head = |bytes: &[u8]| {
            frame_head(bytes).map(|(frame, head)| (frame.kind, frame.is_last, frame.length, head))
        };
        assert_eq!(head(&[0x81, 5]), Some((1, true, 5, 2)));
        assert_eq!(head(&[0x81]), None);
        assert_eq!(head(&[0x81, 126, 1]), None);
        assert_eq!(head(&[0x01, 126, 1, 0]), Some((1, false, 256, 4)));
        assert_eq!(
            head(&[0x89, 127, 0, 0, 0, 0, 0, 1, 0, 0]),
            Some((9, true, 65_536, 10))
        );
    }

    #[tokio::test]
    async fn a_message_in_parts_is_one_and_a_ping_between_them_is_none_of_it() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap())
            .await
            .unwrap();
        let (mut server, _) = listener.accept().await.unwrap();
        let mut socket = Socket {
            stream,
            buffer: Vec::new(),
            frame: None,
            message: Vec::new(),
            control: Vec::new(),
            keep: 4,
            received: 0,
        };
        server
            .write_all(&[
                0x01, 3, b'a', b'b', b'c', 0x89, 1, b'p', 0x80, 2, b'd', b'e', 0x88, 2, 0x03, 0xe8,
            ])
            .await
            .unwrap();
        assert!(matches!(socket.next().await.unwrap(), Event::Text(text) if text == b"abcd"));
        assert!(matches!(socket.next().await.unwrap(), Event::Closed(1000)));
        let mut pong = [0; 7];
        server.read_exact(&mut pong).await.unwrap();
        assert_eq!(pong, [0x8a, 0x81, 0, 0, 0, 0, b'p']);
    }

    #[test]
    fn fields_are_found_in_a_beginning() {
        let text = br#"{"type":"validation_update","kind":"delta","epoch":"e.1","seq":12,"del"#;
        assert_eq!(word(text, "kind"), Some("delta"));
        assert_eq!(number(text, "seq"), Some(12));
        assert_eq!(word(text, "request"), None);
    }
}
