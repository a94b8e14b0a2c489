//! `#[derive(Facts)]`: field `i` of the struct is column `i` of the batch and bit `i` of the
//! facts of a verdict.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Fields, Index};

use crate::args::{Args, snake_case};

/// A verdict names facts as the bits of a `u64`.
const MAX_FACTS: usize = 64;

pub(crate) fn derive(item: TokenStream) -> syn::Result<TokenStream> {
    let input: DeriveInput = syn::parse2(item)?;
    let name = &input.ident;
    let Data::Struct(data) = &input.data else {
        return Err(syn::Error::new(
            name.span(),
            "a view is a struct with named fields",
        ));
    };
    let Fields::Named(fields) = &data.fields else {
        return Err(syn::Error::new(
            name.span(),
            "a view is a struct with named fields",
        ));
    };
    let mut args = Args::of(&input.attrs, "facts", name.span(), &["subject", "name"])?;
    let subject = args.needed_text("subject", "#[facts(subject = \"door\")]")?;
    let view = args
        .text("name")?
        .map_or_else(|| snake_case(&name.to_string()), |t| t.value());
    let count = fields.named.len();
    if count == 0 || count > MAX_FACTS {
        let message = format!("a view has 1 to {MAX_FACTS} facts, this one {count}");
        return Err(syn::Error::new(name.span(), message));
    }
    let lifetime = input
        .generics
        .lifetimes()
        .next()
        .map(|l| l.lifetime.clone());
    let plain = input.generics.params.len() == usize::from(lifetime.is_some());
    if !plain {
        let message = "a view has no type parameters, and at most one lifetime (for texts)";
        return Err(syn::Error::new(input.generics.span(), message));
    }
    let batch = lifetime.clone().map_or_else(|| quote!('b), |l| quote!(#l));
    let of_struct = lifetime.map(|l| quote!(<#l>));

    let (mut infos, mut columns, mut takes, mut reads) = (vec![], vec![], vec![], vec![]);
    for (at, field) in fields.named.iter().enumerate() {
        let Some(ident) = &field.ident else { continue };
        let mut args = Args::of(&field.attrs, "fact", field.span(), &["path"])?;
        let fact = ident.to_string().trim_start_matches("r#").to_owned();
        let path = args
            .text("path")?
            .map_or_else(|| fact.clone(), |t| t.value());
        let ty = &field.ty;
        // Errors about a type that is no fact point at the type.
        let as_field = quote_spanned! {ty.span()=> <#ty as ::plancheck_sdk::Field<#batch>> };
        let index = Index::from(at);
        infos.push(quote! {
            ::plancheck_sdk::FactInfo {
                name: #fact,
                path: #path,
                kind: #as_field::KIND,
                dimension: #as_field::DIMENSION,
            }
        });
        columns.push(quote! { #as_field::Column });
        takes.push(quote! { #as_field::column(cursor)? });
        reads.push(quote! { #ident: #as_field::read(&columns.#index, row, 1_u64 << #at) });
    }
    Ok(quote! {
        impl<#batch> ::plancheck_sdk::Facts<#batch> for #name #of_struct {
            const VIEW: &'static ::plancheck_sdk::ViewInfo = &::plancheck_sdk::ViewInfo {
                name: #view,
                subject: #subject,
                facts: &[#(#infos),*],
            };
            type Columns = (#(#columns,)*);

            fn columns(
                cursor: &mut ::plancheck_sdk::Cursor<#batch>,
            ) -> ::core::option::Option<Self::Columns> {
                ::core::option::Option::Some((#(#takes,)*))
            }

            #[inline(always)]
            fn row(columns: &Self::Columns, row: usize) -> Self {
                #name { #(#reads,)* }
            }
        }
    })
}
