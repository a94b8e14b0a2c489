//! A connection that is kept, and reads as little of HTTP/1.1 as the server's answers need: a status, a
//! few headers, a body of a length that is said.

use std::io;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A kept connection.
pub struct Connection {
    stream: TcpStream,
    address: String,
    buffer: Vec<u8>,
}

/// An answer.
#[derive(Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The head as it came.
    pub head: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Reply {
    /// A header; empty where there is none.
    pub fn header(&self, wanted: &str) -> &str {
        header(&self.head, wanted)
    }
}

fn header<'a>(head: &'a str, wanted: &str) -> &'a str {
    let lines = head.lines().filter_map(|line| line.split_once(':'));
    let mut found = lines.filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
    found.next().map_or("", |(_, value)| value.trim())
}

fn broken(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

/// A request as bytes. `headers` are whole lines with their ends.
pub fn request(method: &str, path: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = match body.is_empty() && method == "GET" {
        true => String::new(),
        false => format!("content-length: {}\r\n", body.len()),
    };
    let head = format!("{method} {path} HTTP/1.1\r\nhost: bench\r\n{headers}{length}\r\n");
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

impl Connection {
    /// Connects.
    pub async fn open(address: &str) -> io::Result<Connection> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Connection {
            stream,
            address: address.to_owned(),
            buffer: Vec::with_capacity(64 << 10),
        })
    }

    /// One request and its answer. A connection that the server has closed meanwhile, as it does with
    /// idle ones, is made anew.
    pub async fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &str,
        body: &[u8],
    ) -> io::Result<Reply> {
        let bytes = request(method, path, headers, body);
        let (status, length) = match self.exchange(&bytes).await {
            Ok(answer) => answer,
            Err(_) if self.buffer.is_empty() => {
                *self = Connection::open(&self.address).await?;
                self.exchange(&bytes).await?
            }
            Err(error) => return Err(error),
        };
        let body = self.buffer.split_off(self.buffer.len() - length);
        let head = String::from_utf8_lossy(&self.buffer).into_owned();
        Ok(Reply { status, head, body })
    }

    /// Sends a request that is written already and reads the answer into the buffer. Answers its status
    /// and the length of its body.
    pub async fn exchange(&mut self, request: &[u8]) -> io::Result<(u16, usize)> {
        self.buffer.clear();
        self.stream.write_all(request).await?;
        let mut looked = 0;
        let head = loop {
            self.read().await?;
            let fresh = self.buffer.get(looked..).unwrap_or_default();
            if let Some(at) = fresh.windows(4).position(|four| four == b"\r\n\r\n") {
                break looked + at + 4;
            }
            looked = self.buffer.len().saturating_sub(3);
        };
        let text = std::str::from_utf8(self.buffer.get(..head).unwrap_or_default());
        let text = text.map_err(|_| broken("a head that is no text"))?;
        let status = text
            .get(9..12)
            .and_then(|digits| digits.parse::<u16>().ok());
        let status = status.ok_or_else(|| broken("no status"))?;
        let length = match header(text, "content-length") {
            "" if matches!(status, 204 | 304) => 0,
            length => length
                .parse()
                .map_err(|_| broken("a body of unknown length"))?,
        };
        while self.buffer.len() < head + length {
            self.read().await?;
        }
        if self.buffer.len() > head + length {
            return Err(broken("more than one answer"));
        }
        Ok((status, length))
    }

    async fn read(&mut self) -> io::Result<()> {
        self.buffer.reserve(16 << 10);
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}
