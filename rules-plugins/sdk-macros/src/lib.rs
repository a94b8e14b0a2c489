//! The macros of `plancheck-sdk`. That crate re-exports and explains them; nothing else should
//! depend on this one.

mod args;
mod facts;
mod module;
mod params;
mod rule;

use proc_macro::TokenStream;

/// Makes a function a rule. Its doc comment is the rule's page, the first line its title.
///
/// `id`, `cite`, `severity` and `category` are required; `messages(NAME = "… {0} …")`, `since`,
/// `stage` and `verified` are not.
#[proc_macro_attribute]
pub fn rule(args: TokenStream, item: TokenStream) -> TokenStream {
    expand(rule::rule(args.into(), item.into()))
}

/// Makes a function a derived fact, which other views may then ask for by its `name`.
#[proc_macro_attribute]
pub fn derived(args: TokenStream, item: TokenStream) -> TokenStream {
    expand(rule::derived(args.into(), item.into()))
}

/// Makes a struct a view: one row of facts about a subject.
///
/// `#[facts(subject = "door")]` names the subject; `#[fact(path = "…")]` the path of a field
/// where it is not the field's name.
#[proc_macro_derive(Facts, attributes(facts, fact))]
pub fn derive_facts(item: TokenStream) -> TokenStream {
    expand(facts::derive(item.into()))
}

/// Makes a struct the parameters of a module. The doc comment of a field is its title.
#[proc_macro_derive(Params, attributes(param))]
pub fn derive_params(item: TokenStream) -> TokenStream {
    expand(params::derive(item.into()))
}

/// Puts a module together and exports it, natively and as a component.
#[proc_macro]
pub fn module(item: TokenStream) -> TokenStream {
    expand(module::module(item.into()))
}

fn expand(result: syn::Result<proc_macro2::TokenStream>) -> TokenStream {
    result
        .unwrap_or_else(|error| error.into_compile_error())
        .into()
}
