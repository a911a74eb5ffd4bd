//! What a host answered.

/// An answer, whatever its status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Response {
    /// Where it came from: the url that was asked for, or where it redirected to.
    pub(crate) url: String,
    /// The urls that redirected on the way, from the first.
    pub(crate) redirects: Vec<String>,
    pub(crate) status: u16,
    /// The names in lower case, in the order in which they came; values that are no text are left
    /// out.
    pub(crate) headers: Vec<(String, String)>,
    /// As it came: whatever `Content-Encoding` says has not been undone.
    pub(crate) body: Vec<u8>,
}

impl Response {
    /// The first header of a name, which is written in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(header, _)| header == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Whether what was asked for came.
    pub(crate) fn is_ok(&self) -> bool {
        self.status == 200
    }

    /// Whether the host says that there is no such file.
    pub(crate) fn is_absent(&self) -> bool {
        matches!(self.status, 404 | 410)
    }
}
