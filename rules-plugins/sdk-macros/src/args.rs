//! `key = value` lists and doc comments, read once for all macros.

use proc_macro2::{Span, TokenStream};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Ident, Lit, LitStr, Token};

/// `key = value` or `key(…)`.
pub(crate) struct Arg {
    pub(crate) key: Ident,
    pub(crate) value: Value,
}

pub(crate) enum Value {
    Expr(Expr),
    List(TokenStream),
}

impl Parse for Arg {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let key: Ident = input.call(syn::ext::IdentExt::parse_any)?;
        let value = if input.peek(syn::token::Paren) {
            let inside;
            syn::parenthesized!(inside in input);
            Value::List(inside.parse()?)
        } else {
            if !input.peek(Token![=]) {
                return Err(syn::Error::new(key.span(), format!("want `{key} = …`")));
            }
            input.parse::<Token![=]>()?;
            Value::Expr(input.parse()?)
        };
        Ok(Arg { key, value })
    }
}

/// The arguments of an attribute; every one must be taken.
pub(crate) struct Args {
    args: Vec<Arg>,
    /// Where to say that one is missing.
    span: Span,
    known: &'static [&'static str],
}

impl Args {
    pub(crate) fn parse(
        tokens: TokenStream,
        span: Span,
        known: &'static [&'static str],
    ) -> syn::Result<Args> {
        use syn::parse::Parser;
        let parser = Punctuated::<Arg, Token![,]>::parse_terminated;
        let args: Vec<Arg> = parser.parse2(tokens)?.into_iter().collect();
        for (at, arg) in args.iter().enumerate() {
            if !known.iter().any(|k| arg.key == k) {
                let message = format!("unknown key `{}`; known: {}", arg.key, known.join(", "));
                return Err(syn::Error::new(arg.key.span(), message));
            }
            if args.iter().take(at).any(|earlier| earlier.key == arg.key) {
                return Err(syn::Error::new(
                    arg.key.span(),
                    format!("`{}` twice", arg.key),
                ));
            }
        }
        Ok(Args { args, span, known })
    }

    /// The attribute of this name of an item; no attribute: no arguments.
    pub(crate) fn of(
        attrs: &[Attribute],
        name: &str,
        span: Span,
        known: &'static [&'static str],
    ) -> syn::Result<Args> {
        match attrs.iter().find(|a| a.path().is_ident(name)) {
            Some(attr) => {
                let list = attr.meta.require_list()?;
                Args::parse(
                    list.tokens.clone(),
                    syn::spanned::Spanned::span(attr),
                    known,
                )
            }
            None => Ok(Args {
                args: Vec::new(),
                span,
                known,
            }),
        }
    }

    pub(crate) fn take(&mut self, key: &str) -> Option<Arg> {
        debug_assert!(
            self.known.contains(&key),
            "{key} is not among the known keys"
        );
        let at = self.args.iter().position(|a| a.key == key)?;
        Some(self.args.remove(at))
    }

    pub(crate) fn missing(&self, key: &str, example: &str) -> syn::Error {
        syn::Error::new(
            self.span,
            format!("`{key}` is missing; for example `{example}`"),
        )
    }

    pub(crate) fn expr(&mut self, key: &str) -> syn::Result<Option<Expr>> {
        match self.take(key) {
            Some(Arg {
                value: Value::Expr(expr),
                ..
            }) => Ok(Some(expr)),
            Some(arg) => Err(syn::Error::new(arg.key.span(), format!("want `{key} = …`"))),
            None => Ok(None),
        }
    }

    pub(crate) fn text(&mut self, key: &str) -> syn::Result<Option<LitStr>> {
        match self.expr(key)? {
            Some(Expr::Lit(syn::ExprLit {
                lit: Lit::Str(text),
                ..
            })) => Ok(Some(text)),
            Some(other) => {
                let message = format!("want a text: `{key} = \"…\"`");
                Err(syn::Error::new_spanned(other, message))
            }
            None => Ok(None),
        }
    }

    pub(crate) fn needed_text(&mut self, key: &str, example: &str) -> syn::Result<LitStr> {
        self.text(key)?.ok_or_else(|| self.missing(key, example))
    }

    /// One word of a closed list.
    pub(crate) fn word(&mut self, key: &str, words: &[&str]) -> syn::Result<Option<Ident>> {
        let Some(expr) = self.expr(key)? else {
            return Ok(None);
        };
        let message = || format!("`{key}` is one of {}", words.join(", "));
        match &expr {
            Expr::Path(path) => match path.path.get_ident() {
                Some(ident) if words.iter().any(|w| ident == w) => Ok(Some(ident.clone())),
                _ => Err(syn::Error::new_spanned(&expr, message())),
            },
            _ => Err(syn::Error::new_spanned(&expr, message())),
        }
    }
}

/// The doc comment of an item: the text with one leading space of each line taken off.
pub(crate) fn doc(attrs: &[Attribute]) -> String {
    let lines: Vec<String> = attrs
        .iter()
        .filter(|a| a.path().is_ident("doc"))
        .filter_map(|a| match &a.meta.require_name_value().ok()?.value {
            Expr::Lit(syn::ExprLit {
                lit: Lit::Str(text),
                ..
            }) => Some(text.value()),
            _ => None,
        })
        .map(|line| {
            line.strip_prefix(' ')
                .unwrap_or(&line)
                .trim_end()
                .to_owned()
        })
        .collect();
    lines.join("\n").trim().to_owned()
}

/// The first line of a doc comment, without a full stop.
pub(crate) fn title(doc: &str) -> String {
    doc.lines()
        .next()
        .unwrap_or("")
        .trim_start_matches('#')
        .trim()
        .trim_end_matches('.')
        .to_owned()
}

/// Ids of rules and modules, as the engine takes them.
pub(crate) fn check_id(id: &LitStr) -> syn::Result<()> {
    let text = id.value();
    let ok = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
    if text.is_empty() || text.len() > 100 || !text.bytes().all(ok) {
        let message = "an id has 1 to 100 lower-case letters, digits, `-` and `_`";
        return Err(syn::Error::new(id.span(), message));
    }
    Ok(())
}

/// `EgressDoor` as `egress_door`.
pub(crate) fn snake_case(name: &str) -> String {
    let mut out = String::new();
    for (at, c) in name.chars().enumerate() {
        if c.is_uppercase() && at > 0 {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}

/// `egress_door` as `EgressDoor`.
pub(crate) fn camel_case(name: &str) -> String {
    let mut out = String::new();
    for word in name.split('_') {
        let mut letters = word.chars();
        out.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        out.extend(letters);
    }
    out
}

/// The type that stands for a rule function: `egress_door` is `EgressDoorRule`.
pub(crate) fn rule_type(function: &Ident) -> Ident {
    quote::format_ident!(
        "{}Rule",
        camel_case(&function.to_string()),
        span = function.span()
    )
}

/// The type that stands for a function of a derived fact: `occupant_load` is `OccupantLoadFact`.
pub(crate) fn fact_type(function: &Ident) -> Ident {
    quote::format_ident!(
        "{}Fact",
        camel_case(&function.to_string()),
        span = function.span()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_is_the_first_line() {
        let item: syn::ItemFn = syn::parse_quote! {
            /// Doors are wide enough.
            ///
            ///     indented
            fn f() {}
        };
        let doc = doc(&item.attrs);
        assert_eq!(title(&doc), "Doors are wide enough");
        assert!(doc.ends_with("\n    indented"), "{doc:?}");
    }

    #[test]
    fn names_become_snake_case() {
        assert_eq!(snake_case("EgressDoor"), "egress_door");
        assert_eq!(snake_case("Door"), "door");
        assert_eq!(camel_case("egress_door"), "EgressDoor");
    }
}
