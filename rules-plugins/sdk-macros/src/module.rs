//! `module!`: who the module is, its views, derived facts and rules; exported natively as
//! `module()` and, when compiled to WebAssembly, as a component.

use crate::args::{fact_type, rule_type};
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{
    Expr, ExprLit, Ident, Lit, LitStr, Path, Token, Type, braced, bracketed, parenthesized, token,
};

const KEYS: &str = "id, title, publisher, limits, jurisdiction, params, views, derived, rules, \
                    readiness, sections, redirects";

const JURISDICTION: [&str; 8] = [
    "country",
    "state",
    "county",
    "city",
    "family",
    "edition",
    "effective_from",
    "effective_until",
];

#[derive(Default)]
struct Module {
    id: Option<LitStr>,
    title: Option<LitStr>,
    publisher: Option<LitStr>,
    limits: Option<LitStr>,
    jurisdiction: [Option<LitStr>; 8],
    params: Option<Type>,
    views: Option<Vec<Type>>,
    derived: Vec<Path>,
    rules: Option<Vec<Path>>,
    readiness: Vec<LitStr>,
    sections: Vec<Heading>,
    redirects: Vec<Redirect>,
}

/// `"IBC 2024 §1010" => "Doors"`, or `=> ("Doors", "https://…")`.
struct Heading {
    cite: LitStr,
    title: LitStr,
    link: LitStr,
}

impl Parse for Heading {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let cite = input.parse()?;
        input.parse::<Token![=>]>()?;
        if !input.peek(token::Paren) {
            let (title, link) = (input.parse()?, LitStr::new("", Span::call_site()));
            return Ok(Heading { cite, title, link });
        }
        let inside;
        parenthesized!(inside in input);
        let title = inside.parse()?;
        inside.parse::<Token![,]>()?;
        let link: LitStr = inside.parse()?;
        if !link.value().starts_with("https://") {
            return Err(syn::Error::new(link.span(), "a link begins with https://"));
        }
        Ok(Heading { cite, title, link })
    }
}

/// `"old-id" => "new-id"`
struct Redirect {
    from: LitStr,
    to: LitStr,
}

impl Parse for Redirect {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let from = input.parse()?;
        input.parse::<Token![=>]>()?;
        let to = input.parse()?;
        crate::args::check_id(&from)?;
        crate::args::check_id(&to)?;
        Ok(Redirect { from, to })
    }
}

impl Parse for Module {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut module = Module::default();
        while !input.is_empty() {
            let key: Ident = input.parse()?;
            input.parse::<Token![:]>()?;
            match key.to_string().as_str() {
                "id" => module.id = Some(input.parse()?),
                "title" => module.title = Some(input.parse()?),
                "publisher" => module.publisher = Some(input.parse()?),
                "limits" => module.limits = Some(input.parse()?),
                "jurisdiction" => jurisdiction(input, &mut module.jurisdiction)?,
                "params" => module.params = Some(input.parse()?),
                "views" => module.views = Some(list(input)?),
                "derived" => module.derived = list(input)?,
                "rules" => module.rules = Some(list(input)?),
                "readiness" => module.readiness = list(input)?,
                "sections" => module.sections = list(input)?,
                "redirects" => module.redirects = list(input)?,
                _ => {
                    let message = format!("unknown key `{key}`; known: {KEYS}");
                    return Err(syn::Error::new(key.span(), message));
                }
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(module)
    }
}

fn list<T: Parse>(input: ParseStream<'_>) -> syn::Result<Vec<T>> {
    let inside;
    bracketed!(inside in input);
    let items = Punctuated::<T, Token![,]>::parse_terminated(&inside)?;
    Ok(items.into_iter().collect())
}

fn jurisdiction(input: ParseStream<'_>, out: &mut [Option<LitStr>; 8]) -> syn::Result<()> {
    let inside;
    braced!(inside in input);
    while !inside.is_empty() {
        let key: Ident = inside.parse()?;
        inside.parse::<Token![:]>()?;
        let Some(slot) = JURISDICTION
            .iter()
            .position(|k| key == k)
            .and_then(|at| out.get_mut(at))
        else {
            let message = format!("unknown key `{key}`; known: {}", JURISDICTION.join(", "));
            return Err(syn::Error::new(key.span(), message));
        };
        let value: Expr = inside.parse()?;
        let Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) = value
        else {
            return Err(syn::Error::new(value.span(), "want a text"));
        };
        if key == "country" && !is_country(&text.value()) {
            let message = "a country is two lower-case letters, ISO 3166-1 alpha-2";
            return Err(syn::Error::new(text.span(), message));
        }
        if key.to_string().starts_with("effective") && !is_date(&text.value()) {
            return Err(syn::Error::new(text.span(), "a date is written 2024-01-31"));
        }
        *slot = Some(text);
        if !inside.is_empty() {
            inside.parse::<Token![,]>()?;
        }
    }
    Ok(())
}

fn is_country(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|b| b.is_ascii_lowercase())
}

fn is_date(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(at, b)| match at {
            4 | 7 => b == b'-',
            _ => b.is_ascii_digit(),
        })
}

/// From the function that an author names to the type that stands for it.
fn rename(path: &mut Path, name: impl Fn(&Ident) -> Ident) {
    if let Some(last) = path.segments.last_mut() {
        last.ident = name(&last.ident);
    }
}

pub(crate) fn module(item: TokenStream) -> syn::Result<TokenStream> {
    let module: Module = Parse::parse.parse2(item)?;
    let missing = |key: &str| {
        syn::Error::new(
            Span::call_site(),
            format!("`{key}` is missing; a module says {KEYS}"),
        )
    };
    let id = module.id.ok_or_else(|| missing("id"))?;
    crate::args::check_id(&id)?;
    let title = module.title.ok_or_else(|| missing("title"))?;
    let publisher = module.publisher.ok_or_else(|| missing("publisher"))?;
    let limits = module.limits.ok_or_else(|| missing("limits"))?;
    if module.jurisdiction.first().is_none_or(Option::is_none) {
        return Err(missing("jurisdiction: { country: … }"));
    }
    let jurisdiction = module
        .jurisdiction
        .map(|t| t.map_or_else(String::new, |t| t.value()));
    let params = module.params.ok_or_else(|| missing("params"))?;
    let views = module.views.ok_or_else(|| missing("views"))?;
    let rules = module.rules.ok_or_else(|| missing("rules"))?;
    let views = views.iter().map(|view| {
        quote_spanned! {view.span()=> <#view as ::plancheck_sdk::Facts>::VIEW }
    });
    // Beside Cargo.toml, like everything that an author names.
    let readiness = module.readiness.iter().map(|file| {
        quote_spanned! {file.span()=>
            (#file, ::core::include_str!(::core::concat!(
                ::core::env!("CARGO_MANIFEST_DIR"), "/", #file
            )))
        }
    });
    let sections = module.sections.iter().map(|Heading { cite, title, link }| {
        quote! { ::plancheck_sdk::Heading { cite: #cite, title: #title, link: #link } }
    });
    let redirects = module
        .redirects
        .iter()
        .map(|Redirect { from, to }| quote! { (#from, #to) });
    let derived = module.derived.into_iter().map(|mut fact| {
        rename(&mut fact, fact_type);
        quote_spanned! {fact.span()=>
            ::plancheck_sdk::module::DerivedEntry::new::<#fact>(VIEWS)
        }
    });
    let rules = rules.into_iter().map(|mut rule| {
        rename(&mut rule, rule_type);
        quote_spanned! {rule.span()=> ::plancheck_sdk::module::RuleEntry::new::<#rule>(VIEWS) }
    });
    Ok(quote! {
        const VIEWS: &[&::plancheck_sdk::ViewInfo] = &[#(#views),*];

        static MODULE: ::plancheck_sdk::module::Definition<#params> =
            ::plancheck_sdk::module::Definition {
                about: [#id, #title, ::core::env!("CARGO_PKG_VERSION"), #publisher, #limits],
                jurisdiction: [#(#jurisdiction),*],
                readiness: &[#(#readiness),*],
                sections: &[#(#sections),*],
                redirects: &[#(#redirects),*],
                views: VIEWS,
                derived: &[#(#derived),*],
                rules: &[#(#rules),*],
            };

        /// The module, linked natively.
        #[must_use]
        pub fn module() -> ::plancheck_sdk::Native {
            ::plancheck_sdk::Native {
                describe: || MODULE.describe(),
                evaluate: |checks, batch| MODULE.evaluate(checks, batch),
                derive: |facts, batch| MODULE.derive(facts, batch),
            }
        }

        #[cfg(target_arch = "wasm32")]
        #[allow(unsafe_code, reason = "the exports of the component, generated by wit-bindgen")]
        const _: () = {
            struct Component;

            impl ::plancheck_sdk::wasm::Guest for Component {
                fn describe() -> String {
                    MODULE.describe()
                }

                fn derive(
                    facts: Vec<u32>,
                    rows: ::plancheck_sdk::wasm::Batch,
                ) -> ::plancheck_sdk::wasm::Columns {
                    let batch = ::plancheck_sdk::wasm::batch(rows);
                    ::plancheck_sdk::wasm::columns(MODULE.derive(&facts, &batch))
                }

                fn evaluate(
                    checks: Vec<u32>,
                    rows: ::plancheck_sdk::wasm::Batch,
                ) -> ::plancheck_sdk::wasm::Verdicts {
                    let batch = ::plancheck_sdk::wasm::batch(rows);
                    ::plancheck_sdk::wasm::verdicts(MODULE.evaluate(&checks, &batch))
                }
            }

            ::plancheck_sdk::wasm::export_module!(
                Component with_types_in ::plancheck_sdk::wasm
            );
        };
    })
}
