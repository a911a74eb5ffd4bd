//! The files of a site, judged by its manifest alone: no list file says what should be there.

use super::certificates::Certificates;
use super::content::FileContent;
use super::hosts::{HostAnswer, Hosts, Kind, Wish, leave_out};
use super::sighting::Sighting;
use super::token::TokenTimes;
use super::trouble::{Concern, Trouble};
use super::{ServedFile, TokenHealth, Watch};
use crate::audit::Checks;
use crate::list::{Proof, Timestamp, View};
use crate::site::{Digest, Manifest, ManifestEntry, SitePath, Target};

/// What is found of a site.
#[derive(Debug, Default)]
pub(crate) struct SiteHealth {
    /// The tokens and list credentials.
    pub(crate) tokens: Vec<TokenHealth>,
    /// How many other files were compared with the manifest.
    pub(crate) others: usize,
    /// What hosts serve, if they were asked.
    pub(crate) hosted: Vec<HostedFile>,
    /// The earliest end of a certificate in a token.
    pub(crate) certificate_ends: Option<Timestamp>,
    pub(crate) concerns: Vec<Concern>,
}

/// A uri that its host was asked for.
#[derive(Clone, Debug)]
pub(crate) struct HostedFile {
    pub(crate) url: String,
    /// Nothing if there was no answer to judge.
    pub(crate) served: Option<ServedFile>,
}

impl HostedFile {
    /// Whether it is the one of a uri; in view `oa-ocsp` one of those below it.
    pub(crate) fn is_of(&self, uri: &str) -> bool {
        let rest = self.url.strip_prefix(uri);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// A file that a manifest describes.
struct Described<'a> {
    path: &'a SitePath,
    entry: &'a ManifestEntry,
    url: Option<String>,
}

/// What was seen of a file.
#[derive(Default)]
struct Looked {
    is_there: bool,
    sha256: Option<Digest>,
    content: Option<FileContent>,
    troubles: Vec<Trouble>,
}

impl SiteHealth {
    /// Checks a folder that holds a site, and what hosts serve of it, if its uris are known and
    /// hosts are to be asked.
    pub(crate) fn of_folder(
        target: &dyn Target,
        manifest: &Manifest,
        urls: &dyn Fn(&SitePath) -> Option<String>,
        watch: &Watch<'_>,
    ) -> Self {
        let mut health = Self::default();
        let files = described(manifest, urls);
        let hosted = health.ask_hosts(&files, watch);
        let mut hosted = hosted.into_iter();
        let mut certificates = Certificates::default();
        certificates.see(watch.certificate);
        for file in &files {
            let looked = file.read(target, watch);
            let hosted = hosted.next();
            health.judge(file, looked, hosted, &mut certificates, watch);
        }
        health.finish(&certificates, watch)
    }

    /// Checks what hosts serve of the site that a manifest describes.
    pub(crate) fn of_hosts(
        manifest: &Manifest,
        urls: &dyn Fn(&SitePath) -> Option<String>,
        watch: &Watch<'_>,
    ) -> Self {
        let mut health = Self::default();
        let files = described(manifest, urls);
        let hosted = health.ask_hosts(&files, watch);
        let mut certificates = Certificates::default();
        certificates.see(watch.certificate);
        for (file, hosted) in files.iter().zip(hosted) {
            health.judge(
                file,
                Looked::default(),
                Some(hosted),
                &mut certificates,
                watch,
            );
        }
        health.finish(&certificates, watch)
    }

    /// Checks one token, or list credential, of a uri.
    pub(crate) fn of_token(url: &str, hosts: &Hosts, watch: &Watch<'_>) -> Self {
        let wish = Wish {
            url: url.to_owned(),
            media_type: None,
            kind: Kind::Token,
            limit: watch.limit,
        };
        let mut hosted = hosts.ask(&wish, &watch.checks);
        let mut health = Self::default();
        let mut certificates = Certificates::default();
        certificates.see(watch.certificate);
        let looked = Looked {
            is_there: hosted.served.is_some(),
            sha256: hosted.sha256,
            content: hosted.content.take(),
            troubles: std::mem::take(&mut hosted.troubles),
        };
        health.hosted.push(HostedFile {
            url: wish.url.clone(),
            served: hosted.served,
        });
        let (token, troubles) = looked.token(None, Some(wish.url), &mut certificates, watch);
        let concerns = troubles.into_iter();
        let concerns = concerns.map(|trouble| trouble.of(None, Some(url)));
        health.concerns.extend(concerns);
        health.tokens.push(token);
        health.finish(&certificates, watch)
    }

    fn finish(mut self, certificates: &Certificates, watch: &Watch<'_>) -> Self {
        self.certificate_ends = certificates.first_end();
        self.concerns.extend(certificates.concern(watch));
        self
    }

    /// Asks for each file whose uri is known.
    fn ask_hosts(&mut self, files: &[Described<'_>], watch: &Watch<'_>) -> Vec<HostAnswer> {
        let Some(hosts) = watch.hosts else {
            return Vec::new();
        };
        let wishes = files.iter().filter_map(|file| {
            Some(Wish {
                url: file.url.clone()?,
                media_type: Some(file.entry.media_type.clone()),
                kind: file.kind(),
                limit: watch.limit_for(file.entry.bytes),
            })
        });
        let mut wishes: Vec<_> = wishes.collect();
        let left_out = leave_out(&mut wishes);
        let left_out = left_out.map(|trouble| trouble.of(None, None));
        self.concerns.extend(left_out);
        hosts.ask_all(&wishes, &watch.checks)
    }

    fn judge(
        &mut self,
        file: &Described<'_>,
        mut looked: Looked,
        hosted: Option<HostAnswer>,
        certificates: &mut Certificates,
        watch: &Watch<'_>,
    ) {
        if let Some(hosted) = hosted {
            looked.hosted(file, hosted, &mut self.hosted, watch.now());
        }
        let place = file.url.clone().unwrap_or_else(|| file.path.to_string());
        let troubles = if file.kind() == Kind::Token {
            let url = file.url.clone();
            let (token, troubles) = looked.token(Some(file), url, certificates, watch);
            self.tokens.push(token);
            troubles
        } else {
            self.others += 1;
            if !looked.is_there {
                looked.troubles.push(Trouble::Missing);
            }
            looked.troubles
        };
        let concerns = troubles.into_iter();
        let concerns = concerns.map(|trouble| trouble.of(None, Some(&place)));
        self.concerns.extend(concerns);
    }
}

fn described<'a>(
    manifest: &'a Manifest,
    urls: &dyn Fn(&SitePath) -> Option<String>,
) -> Vec<Described<'a>> {
    let entries = manifest.entries.iter();
    let entries = entries.filter(|(path, _)| !path.is_for_the_host());
    entries
        .map(|(path, entry)| Described {
            path,
            entry,
            url: urls(path),
        })
        .collect()
}

impl Described<'_> {
    /// Tokens are told by their type: what ends and has another is none.
    fn kind(&self) -> Kind {
        let known = [
            View::Jwt.media_type(None),
            View::Cwt.media_type(None),
            Proof::EcdsaJcs2019.media_type(),
            Proof::Jwt.media_type(),
            Proof::Cose.media_type(),
        ];
        if known.contains(&self.entry.media_type.as_str()) {
            Kind::Token
        } else {
            Kind::Other
        }
    }

    fn read(&self, target: &dyn Target, watch: &Watch<'_>) -> Looked {
        let bytes = match target.read(self.path, watch.limit) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Looked::default(),
            Err(error) => {
                return Looked {
                    is_there: true,
                    troubles: vec![Trouble::Unreadable(error)],
                    ..Looked::default()
                };
            }
        };
        let mut troubles = Vec::new();
        if !self.entry.matches(&bytes) {
            troubles.push(Trouble::OtherBytes);
        }
        let content = (self.kind() == Kind::Token).then(|| {
            let uri = self.url.as_deref();
            FileContent::read(
                &bytes,
                &Checks {
                    uri,
                    ..watch.checks
                },
            )
        });
        let refusal = content.as_ref().and_then(|content| content.refusal.clone());
        troubles.extend(refusal.map(Trouble::Refused));
        Looked {
            is_there: true,
            sha256: Some(Digest::of(&bytes)),
            content,
            troubles,
        }
    }
}

impl Looked {
    /// Takes in what a host serves.
    fn hosted(
        &mut self,
        file: &Described<'_>,
        mut hosted: HostAnswer,
        files: &mut Vec<HostedFile>,
        now: Timestamp,
    ) {
        if let Some(found) = hosted.sha256
            && found != file.entry.sha256
        {
            let content = hosted.content.as_ref();
            let issued = content.and_then(|content| content.issued_at);
            let published_at = Timestamp::from_second(file.entry.issued_at);
            let served = hosted.served.as_ref();
            let older = issued.filter(|issued| *issued < published_at);
            self.troubles.push(match older {
                Some(issued_at) => Trouble::ServesOlder {
                    issued_at,
                    published_at,
                    allowed: kept_for(served, published_at, now),
                },
                None => Trouble::ServesOther,
            });
        }
        self.troubles.append(&mut hosted.troubles);
        if hosted.served.is_some() {
            self.is_there = true;
            self.sha256 = hosted.sha256;
            self.content = hosted.content.take().or(self.content.take());
        }
        if let Some(url) = &file.url {
            files.push(HostedFile {
                url: url.clone(),
                served: hosted.served,
            });
        }
    }

    /// What is to be said of a token.
    fn token(
        mut self,
        file: Option<&Described<'_>>,
        url: Option<String>,
        certificates: &mut Certificates,
        watch: &Watch<'_>,
    ) -> (TokenHealth, Vec<Trouble>) {
        let content = self.content.unwrap_or_default();
        certificates.add(&content);
        let entry = file.map(|file| file.entry);
        let described = entry.map(|entry| Timestamp::from_second(entry.issued_at));
        let issued_at = content.issued_at.or(described);
        let sighting = Sighting {
            is_there: self.is_there,
            times: TokenTimes {
                issued_at,
                expires_at: content.expires_at,
                waiting: None,
                policy: &watch.policy,
                now: watch.now(),
            },
        };
        let state = sighting.state(&mut self.troubles);
        let token = TokenHealth {
            view: None,
            uri: url,
            path: file.map(|file| file.path.clone()),
            state,
            issued_at,
            expires_at: content.expires_at,
            due_at: sighting.due_at(),
            revision: None,
            sha256: self.sha256,
            signature: content.signature,
        };
        (token, self.troubles)
    }
}

/// For how many seconds caches may still keep what was replaced at a time.
pub(super) fn kept_for(served: Option<&ServedFile>, replaced_at: Timestamp, now: Timestamp) -> u64 {
    let kept = served.and_then(|served| served.max_age).unwrap_or(0);
    let passed = now.second().saturating_sub(replaced_at.second());
    kept.saturating_sub(u64::try_from(passed).unwrap_or(0))
}
