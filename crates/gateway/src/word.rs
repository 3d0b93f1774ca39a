//! Closed vocabularies of partners that may grow without notice.
//!
//! Invariant: an unknown word is kept (cut to a sane length), never an error.

/// The longest word kept of one we do not know.
pub(crate) const MAX_WORD_CHARS: usize = 64;

pub(crate) fn clipped(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(MAX_WORD_CHARS).collect()
}

/// An enum of words with `Other` for those that came later.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
        #[serde(from = "String", into = "String")]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)+
            /// A word this version does not know.
            Other(String),
        }

        impl $name {
            /// The partner's word.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::Other(word) => word,
                }
            }
        }

        impl From<&str> for $name {
            fn from(word: &str) -> Self {
                match word {
                    $($word => Self::$variant,)+
                    other => Self::Other($crate::word::clipped(other)),
                }
            }
        }

        impl From<String> for $name {
            fn from(word: String) -> Self {
                Self::from(word.as_str())
            }
        }

        impl From<$name> for String {
            fn from(word: $name) -> Self {
                word.as_str().to_owned()
            }
        }
    };
}
pub(crate) use words;
