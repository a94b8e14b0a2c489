//! `#[rule]` and `#[derived]`: a function stays what it is, and gets a type, named after it, that
//! describes it and runs it over a batch.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{FnArg, Ident, ItemFn, LitBool, LitStr, ReturnType, Type};

use crate::args::{Args, Value, check_id, doc, fact_type, rule_type, title};

const KEYS: &[&str] = &[
    "id", "cite", "severity", "category", "messages", "since", "stage", "verified",
];

const CATEGORIES: &[&str] = &[
    "FireSafetyEgress",
    "FireProtection",
    "Accessibility",
    "SafetyInUse",
    "InteriorEnvironment",
    "Structural",
    "Electrical",
    "Plumbing",
    "Mechanical",
    "Energy",
    "General",
];

pub(crate) fn rule(args: TokenStream, item: TokenStream) -> syn::Result<TokenStream> {
    let mut args = Args::parse(args, Span::call_site(), KEYS)?;
    let mut function: ItemFn = syn::parse2(item)?;
    let id = args.needed_text("id", "id = \"egress-door-clear-width\"")?;
    check_id(&id)?;
    let cite = args.needed_text("cite", "cite = \"IBC 2024 §1010.1.1\"")?;
    let severity = args
        .word("severity", &["Error", "Warning", "Info"])?
        .ok_or_else(|| args.missing("severity", "severity = Error"))?;
    let category = args
        .word("category", CATEGORIES)?
        .ok_or_else(|| args.missing("category", "category = FireSafetyEgress"))?;
    let stage = args
        .word("stage", &["Preview", "Stable", "Retired"])?
        .unwrap_or_else(|| format_ident!("Stable"));
    let since = args
        .text("since")?
        .unwrap_or_else(|| LitStr::new("0.1.0", Span::call_site()));
    let verified = match args.expr("verified")? {
        Some(expr) => syn::parse2::<LitBool>(quote!(#expr))?,
        None => LitBool::new(false, Span::call_site()),
    };
    let messages = match args.take("messages") {
        Some(arg) => messages(arg.key, arg.value)?,
        None => Vec::new(),
    };
    let page = page(&function, "a rule", "its page")?;
    let title = title(&page);
    let (row, params) = signature(&function, "a rule")?;

    let name = &function.sig.ident;
    let rule = rule_type(name);
    let visibility = &function.vis;
    let texts = messages.iter().map(|m| &m.text);
    let returned = returned(&function);
    let run = quote_spanned! {returned=> ::plancheck_sdk::module::each_row };
    let generated = quote! {
        #[doc(hidden)]
        #visibility struct #rule {}

        impl ::plancheck_sdk::Rule for #rule {
            type Params = #params;
            const INFO: ::plancheck_sdk::RuleInfo = ::plancheck_sdk::RuleInfo {
                id: #id,
                title: #title,
                citation: #cite,
                severity: ::plancheck_sdk::Severity::#severity,
                category: ::plancheck_sdk::Category::#category,
                messages: &[#(#texts),*],
                page: #page,
                since: #since,
                stage: ::plancheck_sdk::Stage::#stage,
                verified: #verified,
            };
            const VIEW: &'static ::plancheck_sdk::ViewInfo =
                <#row as ::plancheck_sdk::Facts>::VIEW;

            fn evaluate(
                source: &::plancheck_sdk::Source<'_>,
                params: &Self::Params,
                asked: u32,
                out: &mut ::plancheck_sdk::Verdicts,
            ) {
                #run(source, params, asked, out, #name)
            }
        }
    };

    for (index, message) in messages.iter().enumerate().rev() {
        let (name, count) = (&message.name, message.arguments);
        let index = index as u32;
        let constant = quote! {
            const #name: ::plancheck_sdk::Message<#count> = ::plancheck_sdk::Message(#index);
        };
        function.block.stmts.insert(0, syn::parse2(constant)?);
    }
    Ok(quote! { #[inline] #function #generated })
}

pub(crate) fn derived(args: TokenStream, item: TokenStream) -> syn::Result<TokenStream> {
    let mut args = Args::parse(args, Span::call_site(), &["name"])?;
    let function: ItemFn = syn::parse2(item)?;
    let fact = args.needed_text("name", "name = \"occupant_load\"")?;
    check_id(&fact)?;
    let page = page(&function, "a derived fact", "how it is computed")?;
    let title = title(&page);
    let (row, params) = signature(&function, "a derived fact")?;
    let name = &function.sig.ident;
    let fact_type = fact_type(name);
    let visibility = &function.vis;
    let ReturnType::Type(_, value) = &function.sig.output else {
        let message = "a derived fact returns `Derived<…>`";
        return Err(syn::Error::new(function.sig.span(), message));
    };
    Ok(quote! {
        #[inline]
        #function

        #[doc(hidden)]
        #visibility struct #fact_type {}

        impl ::plancheck_sdk::DerivedFact for #fact_type {
            type Params = #params;
            const NAME: &'static str = #fact;
            const TITLE: &'static str = #title;
            const DESCRIPTION: &'static str = #page;
            const KIND: ::plancheck_sdk::FactKind =
                <#value as ::plancheck_sdk::DerivedValue>::KIND;
            const DIMENSION: ::core::option::Option<::plancheck_sdk::Dimension> =
                <#value as ::plancheck_sdk::DerivedValue>::DIMENSION;
            const VIEW: &'static ::plancheck_sdk::ViewInfo =
                <#row as ::plancheck_sdk::Facts>::VIEW;

            fn derive(
                source: &::plancheck_sdk::Source<'_>,
                params: &Self::Params,
                out: &mut ::plancheck_sdk::ColumnWriter,
            ) -> ::core::option::Option<()> {
                ::plancheck_sdk::derived::each_value(source, params, out, #name)
            }
        }
    })
}

/// The doc comment, which must be there.
fn page(function: &ItemFn, what: &str, why: &str) -> syn::Result<String> {
    let page = doc(&function.attrs);
    if page.is_empty() {
        let message = format!("{what} needs a doc comment: it is {why}, its first line the title");
        return Err(syn::Error::new(function.sig.ident.span(), message));
    }
    Ok(page)
}

/// The types of the row and of the parameters.
fn signature(function: &ItemFn, what: &str) -> syn::Result<(Type, Type)> {
    let inputs: Vec<&FnArg> = function.sig.inputs.iter().collect();
    if let [FnArg::Typed(row), FnArg::Typed(params)] = inputs.as_slice()
        && let (Type::Path(_), Type::Reference(reference)) = (&*row.ty, &*params.ty)
        && reference.mutability.is_none()
    {
        return Ok(((*row.ty).clone(), (*reference.elem).clone()));
    }
    let message = format!("{what} takes one row and the parameters: `(door: Door, p: &Params)`");
    Err(syn::Error::new(function.sig.span(), message))
}

fn returned(function: &ItemFn) -> Span {
    match &function.sig.output {
        ReturnType::Type(_, ty) => ty.span(),
        ReturnType::Default => function.sig.ident.span(),
    }
}

struct Message {
    name: Ident,
    text: String,
    arguments: usize,
}

/// `NAME = "text with {0} and {1}"`, …
fn messages(key: Ident, value: Value) -> syn::Result<Vec<Message>> {
    use syn::parse::Parser;
    let Value::List(tokens) = value else {
        return Err(syn::Error::new(
            key.span(),
            "want `messages(NAME = \"… {0} …\")`",
        ));
    };
    let parser = syn::punctuated::Punctuated::<crate::args::Arg, syn::Token![,]>::parse_terminated;
    let mut out = Vec::new();
    for arg in parser.parse2(tokens)? {
        let Value::Expr(syn::Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Str(text),
            ..
        })) = arg.value
        else {
            return Err(syn::Error::new(arg.key.span(), "a message is a text"));
        };
        let arguments = count_arguments(&text)?;
        out.push(Message {
            name: arg.key,
            text: text.value(),
            arguments,
        });
    }
    Ok(out)
}

/// How many arguments a message has: `{0}` to `{n-1}`, each at least once, at most four.
fn count_arguments(text: &LitStr) -> syn::Result<usize> {
    let value = text.value();
    let mut used = [false; 4];
    let mut rest = value.as_str();
    while let Some((_, after)) = rest.split_once('{') {
        let slot = after
            .split_once('}')
            .and_then(|(n, _)| n.parse::<usize>().ok());
        match slot.and_then(|n| used.get_mut(n)) {
            Some(slot) => *slot = true,
            None => {
                return Err(syn::Error::new(
                    text.span(),
                    "want `{0}` to `{3}` between braces",
                ));
            }
        }
        rest = after;
    }
    let count = used.iter().filter(|u| **u).count();
    if used.iter().take(count).any(|u| !u) {
        return Err(syn::Error::new(
            text.span(),
            "arguments are numbered from `{0}` without gaps",
        ));
    }
    Ok(count)
}
