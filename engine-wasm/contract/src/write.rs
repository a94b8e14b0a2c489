//! Just enough JSON writing for a manifest: a module need not carry a serialisation library.

/// A JSON text that grows.
pub(crate) struct Json(String);

/// The inside of an object: writes `"key":value` pairs.
pub(crate) struct Object<'a> {
    out: &'a mut String,
    first: bool,
}

impl Json {
    pub(crate) fn new() -> Json {
        Json(String::new())
    }

    pub(crate) fn object(&mut self, fill: impl FnOnce(&mut Object<'_>)) {
        object(&mut self.0, fill);
    }

    pub(crate) fn finish(self) -> String {
        self.0
    }
}

fn object(out: &mut String, fill: impl FnOnce(&mut Object<'_>)) {
    out.push('{');
    fill(&mut Object { out, first: true });
    out.push('}');
}

fn string(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if (c as u32) < 0x20 => {
                let hex = |n: u32| char::from_digit(n, 16).unwrap_or('0');
                out.push_str("\\u00");
                out.push(hex(c as u32 >> 4));
                out.push(hex(c as u32 & 15));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

impl Object<'_> {
    fn key(&mut self, key: &str) {
        if !self.first {
            self.out.push(',');
        }
        self.first = false;
        string(self.out, key);
        self.out.push(':');
    }

    pub(crate) fn text(&mut self, key: &str, value: &str) {
        self.key(key);
        string(self.out, value);
    }

    /// A list of lists of texts.
    pub(crate) fn rows<'t, const N: usize>(
        &mut self,
        key: &str,
        rows: impl Iterator<Item = [&'t str; N]>,
    ) {
        self.key(key);
        self.out.push('[');
        for (at, row) in rows.enumerate() {
            self.out.push_str(if at == 0 { "[" } else { ",[" });
            for (at, text) in row.into_iter().enumerate() {
                if at > 0 {
                    self.out.push(',');
                }
                string(self.out, text);
            }
            self.out.push(']');
        }
        self.out.push(']');
    }

    pub(crate) fn optional(&mut self, key: &str, value: Option<&str>) {
        self.key(key);
        match value {
            Some(value) => string(self.out, value),
            None => self.out.push_str("null"),
        }
    }

    pub(crate) fn number(&mut self, key: &str, value: Option<f64>) {
        self.key(key);
        match value {
            Some(value) if value.is_finite() => self.out.push_str(&value.to_string()),
            _ => self.out.push_str("null"),
        }
    }

    pub(crate) fn boolean(&mut self, key: &str, value: bool) {
        self.key(key);
        self.out.push_str(if value { "true" } else { "false" });
    }

    pub(crate) fn nested(&mut self, key: &str, fill: impl FnOnce(&mut Object<'_>)) {
        self.key(key);
        object(self.out, fill);
    }

    pub(crate) fn texts(&mut self, key: &str, values: &[String]) {
        self.key(key);
        self.out.push('[');
        for (i, value) in values.iter().enumerate() {
            if i > 0 {
                self.out.push(',');
            }
            string(self.out, value);
        }
        self.out.push(']');
    }

    pub(crate) fn list<T>(&mut self, key: &str, items: &[T], fill: impl Fn(&T, &mut Object<'_>)) {
        self.key(key);
        self.out.push('[');
        for (i, item) in items.iter().enumerate() {
            if i > 0 {
                self.out.push(',');
            }
            object(self.out, |o| fill(item, o));
        }
        self.out.push(']');
    }
}
