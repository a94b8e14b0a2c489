//! Access tokens: whatever is not exactly one of ours is 401; a key that is changed overlaps.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use plancheck_server_tests::{Host, PASSWORD, ready};
use serde_json::{Value, json};
use sha2::Sha256;

/// As the harness configures it.
const KEY: &[u8] = b"a key for tests that has more than thirty-two bytes";

fn part(value: &Value) -> String {
    BASE64.encode(value.to_string())
}

fn signed(header: &Value, claims: &Value, key: &[u8]) -> String {
    let message = format!("{}.{}", part(header), part(claims));
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(message.as_bytes());
    format!("{message}.{}", BASE64.encode(mac.finalize().into_bytes()))
}

fn opened(token: &str) -> (Value, Value) {
    let mut parts = token
        .split('.')
        .map(|part| BASE64.decode(part).unwrap_or_default());
    let mut next = || serde_json::from_slice(&parts.next().unwrap()).unwrap();
    (next(), next())
}

#[test]
fn whatever_is_not_ours_is_refused() {
    if !ready("whatever_is_not_ours_is_refused") {
        return;
    }
    let host = Host::start(&[]);
    let admin = host.admin();
    let token = admin.token.clone().unwrap();
    let (header, claims) = opened(&token);
    assert_eq!(header["alg"], "HS256");
    assert_eq!(header["typ"], "at+jwt");
    let with = |value: &Value, changes: &[(&str, Value)]| {
        let mut value = value.clone();
        for (key, change) in changes {
            match change {
                Value::Null => drop(value.as_object_mut().unwrap().remove(*key)),
                change => value[*key] = change.clone(),
            }
        }
        value
    };
    let head = |changes: &[(&str, Value)]| signed(&with(&header, changes), &claims, KEY);
    let said = |changes: &[(&str, Value)]| signed(&header, &with(&claims, changes), KEY);
    // The forger's own tools work: what they sign untouched is taken.
    assert_eq!(
        host.client().with(&head(&[])).get("/api/v1/auth/me").status,
        200
    );
    let unsigned = |alg: &str| {
        format!(
            "{}.{}.",
            part(&with(&header, &[("alg", json!(alg))])),
            part(&claims)
        )
    };
    let (message, _) = token.rsplit_once('.').unwrap();
    let bits = token.len() - 2;
    let mut flipped = token.clone().into_bytes();
    flipped[bits] = if flipped[bits] == b'A' { b'B' } else { b'A' };
    let now = claims["iat"].as_i64().unwrap();
    let jwk = json!({ "kty": "oct", "k": BASE64.encode(b"my own key, which is also more than 32 bytes") });
    let embedded = with(&header, &[("jwk", jwk)]);
    let refresh = admin.refresh.clone().unwrap();
    let attacks: Vec<(&str, String)> = vec![
        ("nothing", String::new()),
        ("words", "not a token".to_owned()),
        ("no signature, alg none", unsigned("none")),
        ("no signature, alg None", unsigned("None")),
        ("no signature, alg nOnE", unsigned("nOnE")),
        ("no signature, alg HS256", unsigned("HS256")),
        ("the signature cut off", format!("{message}.")),
        ("one bit flipped", String::from_utf8(flipped).unwrap()),
        ("alg hs256", head(&[("alg", json!("hs256"))])),
        ("alg HS384", head(&[("alg", json!("HS384"))])),
        (
            "alg RS256, signed with HMAC",
            head(&[("alg", json!("RS256"))]),
        ),
        (
            "alg ES256, signed with HMAC",
            head(&[("alg", json!("ES256"))]),
        ),
        ("alg EdDSA", head(&[("alg", json!("EdDSA"))])),
        ("no kid", head(&[("kid", Value::Null)])),
        (
            "an unknown kid",
            head(&[("kid", json!("0123456789abcdef"))]),
        ),
        (
            "a kid that is a path",
            head(&[("kid", json!("../../../../dev/null"))]),
        ),
        ("a kid that is SQL", head(&[("kid", json!("' OR 1=1 --"))])),
        (
            "an embedded key",
            signed(
                &embedded,
                &claims,
                b"my own key, which is also more than 32 bytes",
            ),
        ),
        (
            "jku",
            signed(
                &with(&header, &[("jku", json!("http://127.0.0.1:1/keys"))]),
                &claims,
                b"whatever it is, thirty-two bytes long",
            ),
        ),
        ("typ JWT", head(&[("typ", json!("JWT"))])),
        ("no typ", head(&[("typ", Value::Null)])),
        ("an empty key", signed(&header, &claims, b"")),
        (
            "another key",
            signed(
                &header,
                &claims,
                b"another key that has more than thirty-two bytes",
            ),
        ),
        ("expired", said(&[("exp", json!(now - 3_600))])),
        ("no expiry", said(&[("exp", Value::Null)])),
        ("an expiry that is a text", said(&[("exp", json!("never"))])),
        (
            "issued in the future",
            said(&[("iat", json!(now + 7_200)), ("exp", json!(now + 9_000))]),
        ),
        ("another audience", said(&[("aud", json!("somebody else"))])),
        ("no audience", said(&[("aud", Value::Null)])),
        ("another issuer", said(&[("iss", json!("evil"))])),
        ("no issuer", said(&[("iss", Value::Null)])),
        (
            "another session",
            said(&[("sid", json!("ses_00000000000000000000"))]),
        ),
        (
            "another user in the session",
            said(&[("sub", json!("usr_00000000000000000000"))]),
        ),
        ("a refresh token", refresh),
        ("very long", "x".repeat(9_000)),
        (
            "a key that nobody has",
            "pck_00000000000000000000000000000000".to_owned(),
        ),
    ];
    for (attack, token) in &attacks {
        let reply = host.client().with(token).get("/api/v1/auth/me");
        assert_eq!(reply.status, 401, "{attack}: {}", reply.text());
        assert_eq!(reply.header("www-authenticate"), "Bearer", "{attack}");
    }
    // Nor does a role in the claims count: the account's does.
    let viewer = host.user(&admin, "vera", "viewer", "main");
    let (header, claims) = opened(viewer.token.as_deref().unwrap());
    let raised = signed(
        &header,
        &with(
            &claims,
            &[("role", json!("admin")), ("org", json!("other"))],
        ),
        KEY,
    );
    let raised = host.client().with(&raised);
    assert_eq!(raised.get("/api/v1/users").problem(403), "forbidden");
    let log = host.log();
    for (_, token) in attacks.iter().filter(|(_, token)| token.len() > 40) {
        assert!(!log.contains(token.as_str()), "a token stands in the log");
    }
    assert!(!log.contains(&token) && !log.contains(PASSWORD));
}

#[test]
fn keys_overlap_while_they_are_changed() {
    if !ready("keys_overlap_while_they_are_changed") {
        return;
    }
    let (mut command, data) = Host::command(&[]);
    let host = Host::spawn(&mut command, data);
    let old = host.admin().token.unwrap();
    // The same store, the new key first.
    let keys = host.data().join("keys");
    let both = format!(
        "a new key that has more than thirty-two bytes\n{}\n",
        String::from_utf8_lossy(KEY)
    );
    std::fs::write(&keys, both).unwrap();
    let database = format!(
        "sqlite://{}?mode=rwc",
        host.data().join("plancheck.sqlite").display()
    );
    let (mut command, data) = Host::command(&["--database-url", &database]);
    let replica = Host::spawn(command.env("PLANCHECK_TOKEN_KEYS_FILE", &keys), data);
    assert_eq!(
        replica.client().with(&old).get("/api/v1/auth/me").status,
        200
    );
    let new = replica.admin().token.unwrap();
    assert_eq!(
        replica.client().with(&new).get("/api/v1/auth/me").status,
        200
    );
    assert_eq!(host.client().with(&new).get("/api/v1/auth/me").status, 401);
}

#[test]
fn a_short_key_is_no_key() {
    if !ready("a_short_key_is_no_key") {
        return;
    }
    let (mut command, _data) = Host::command(&["--token-keys", "secret"]);
    let output = command
        .env_remove("PLANCHECK_TOKEN_KEYS_FILE")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("shorter than 32 bytes"), "{said}");
    assert!(!said.contains("secret\n"), "{said}");
}
