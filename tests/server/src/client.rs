//! A client of the HTTP interface.

use serde_json::Value;

use crate::PATIENCE;

/// A client: nobody in particular, or somebody with a token.
#[derive(Clone)]
pub struct Client {
    agent: ureq::Agent,
    base: String,
    /// Access token or key.
    pub token: Option<String>,
    /// As the last login gave it.
    pub refresh: Option<String>,
}

/// What a client gets.
#[derive(Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Client {
    pub(crate) fn new(address: &str) -> Client {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            .build();
        Client {
            agent: agent.into(),
            base: format!("http://{address}"),
            token: None,
            refresh: None,
        }
    }

    /// The same server, with this token.
    #[must_use]
    pub fn with(&self, token: &str) -> Client {
        Client {
            token: Some(token.to_owned()),
            ..self.clone()
        }
    }

    /// Logs in.
    ///
    /// # Panics
    /// The login is refused.
    #[must_use]
    pub fn login(&self, name: &str, password: &str) -> Client {
        let body = serde_json::json!({ "name": name, "password": password });
        let given = self.post_json("/api/v1/auth/login", &body).expect(200);
        let text = |key: &str| given[key].as_str().map(str::to_owned);
        Client {
            token: text("access_token"),
            refresh: text("refresh_token"),
            ..self.clone()
        }
    }

    /// Any request.
    ///
    /// # Panics
    /// There is no answer.
    #[must_use]
    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        self.try_send(method, path, headers, body)
            .unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }

    /// Any request; an error where there is no answer.
    ///
    /// # Errors
    /// The connection's.
    pub fn try_send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Reply, ureq::Error> {
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body.to_vec()).expect("a request");
        let mut response = self.agent.run(request)?;
        let headers = response.headers().iter();
        let headers = headers
            .map(|(name, value)| {
                (
                    name.to_string(),
                    value.to_str().unwrap_or_default().to_owned(),
                )
            })
            .collect();
        let status = response.status().as_u16();
        let body = response
            .body_mut()
            .with_config()
            .limit(64 << 20)
            .read_to_vec()?;
        Ok(Reply {
            status,
            headers,
            body,
        })
    }

    /// GET.
    #[must_use]
    pub fn get(&self, path: &str) -> Reply {
        self.send("GET", path, &[], b"")
    }

    /// GET; none where there is no answer.
    #[must_use]
    pub fn try_get(&self, path: &str) -> Option<Reply> {
        self.try_send("GET", path, &[], b"").ok()
    }

    /// DELETE.
    #[must_use]
    pub fn delete(&self, path: &str) -> Reply {
        self.send("DELETE", path, &[], b"")
    }

    /// POST of bytes.
    #[must_use]
    pub fn post(&self, path: &str, body: &[u8]) -> Reply {
        self.send("POST", path, &[], body)
    }

    /// PUT of bytes.
    #[must_use]
    pub fn put(&self, path: &str, body: &[u8]) -> Reply {
        self.send("PUT", path, &[], body)
    }

    /// POST of JSON.
    #[must_use]
    pub fn post_json(&self, path: &str, body: &Value) -> Reply {
        self.json("POST", path, body)
    }

    /// PATCH of JSON.
    #[must_use]
    pub fn patch_json(&self, path: &str, body: &Value) -> Reply {
        self.json("PATCH", path, body)
    }

    fn json(&self, method: &str, path: &str, body: &Value) -> Reply {
        let headers = [("content-type", "application/json")];
        self.send(method, path, &headers, body.to_string().as_bytes())
    }
}

impl Reply {
    /// A header; empty where there is none.
    #[must_use]
    pub fn header(&self, wanted: &str) -> &str {
        let found = self.headers.iter().find(|(name, _)| name == wanted);
        found.map_or("", |(_, value)| value)
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON, of an answer with this status.
    ///
    /// # Panics
    /// It is another answer.
    #[track_caller]
    #[must_use]
    pub fn json(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The body as JSON where there is one, of an answer with this status.
    ///
    /// # Panics
    /// It is another answer.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text());
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The code of a problem document with this status.
    ///
    /// # Panics
    /// It is another answer.
    #[track_caller]
    #[must_use]
    pub fn problem(&self, status: u16) -> String {
        let problem = self.json(status);
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{problem}"
        );
        assert_eq!(problem["status"], status, "{problem}");
        assert!(!self.header("x-request-id").is_empty());
        problem["code"].as_str().unwrap_or_default().to_owned()
    }
}
