//! `JUnit` reports, as pytest, surefire, nextest, gtest and jest write them.
//!
//! There is no standard, so nothing that a report says about itself is taken on trust: the test
//! cases are counted, and a suite whose own counters say otherwise is a problem. A document that
//! ends early or declares entities is refused. The reader streams; it keeps one frame for each
//! open suite.

use std::io::BufRead;

use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};

/// The deepest nesting that is read.
pub const MAX_DEPTH: usize = 64;

/// What a report says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Test cases.
    pub tests: u64,
    /// Cases with a failure.
    pub failures: u64,
    /// Cases with an error, and errors outside of cases.
    pub errors: u64,
    /// Cases that did not run.
    pub skipped: u64,
}

/// A report that cannot be counted.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum JunitError {
    /// It is not well-formed.
    #[error("the report is not well-formed XML at byte {offset}")]
    #[diagnostic(
        code("junit.invalid"),
        help("let the test runner write the report again")
    )]
    Invalid {
        /// Where the reader stopped.
        offset: u64,
        /// What it met.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// It ends before its root element does.
    #[error("the report ends at byte {offset}, inside `<{element}>`")]
    #[diagnostic(
        code("junit.truncated"),
        help("the test runner was stopped; let it finish and write the report again")
    )]
    Truncated {
        /// Where it ends.
        offset: u64,
        /// The innermost open element.
        element: String,
    },
    /// It declares a document type, and so maybe entities.
    #[error("the report declares a document type at byte {offset}")]
    #[diagnostic(
        code("junit.doctype"),
        help("no test runner writes `<!DOCTYPE`; entities are not expanded")
    )]
    Doctype {
        /// Where.
        offset: u64,
    },
    /// Its root is something else.
    #[error("the document is not a JUnit report: {reason}")]
    #[diagnostic(
        code("junit.not_junit"),
        help("the root of a JUnit report is `<testsuites>` or `<testsuite>`")
    )]
    NotJunit {
        /// What stands there.
        reason: String,
    },
    /// A suite's own counter differs from what stands in it.
    #[error("`{name}` says `{counter}=\"{stated}\"`, but holds {counted}")]
    #[diagnostic(
        code("junit.counters_differ"),
        help("the report was edited or cut; let the test runner write it again")
    )]
    CountersDiffer {
        /// The suite.
        name: String,
        /// Which counter.
        counter: &'static str,
        /// The attribute's text.
        stated: String,
        /// What was counted.
        counted: u64,
    },
}

impl Counters {
    /// The counter called `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<u64> {
        self.iter()
            .find(|(n, _)| *n == name)
            .map(|(_, count)| count)
    }

    /// The sum of two reports.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            tests: self.tests + other.tests,
            failures: self.failures + other.failures,
            errors: self.errors + other.errors,
            skipped: self.skipped + other.skipped,
        }
    }

    fn iter(&self) -> impl Iterator<Item = (&'static str, u64)> {
        [
            ("tests", self.tests),
            ("failures", self.failures),
            ("errors", self.errors),
            ("skipped", self.skipped),
        ]
        .into_iter()
    }
}

/// Counts the test cases of one report.
pub fn count(report: impl BufRead) -> Result<Counters, JunitError> {
    let mut reader = Reader::from_reader(report);
    reader.config_mut().expand_empty_elements = true;
    let mut walk = Walk::default();
    let mut buffer = Vec::new();
    loop {
        let offset = reader.buffer_position();
        let invalid = |source: Box<dyn std::error::Error + Send + Sync>| JunitError::Invalid {
            offset,
            source,
        };
        match reader
            .read_event_into(&mut buffer)
            .map_err(|e| invalid(e.into()))?
        {
            Event::Start(element) => walk.open(&element, offset)?,
            Event::End(_) => walk.close()?,
            Event::DocType(_) => return Err(JunitError::Doctype { offset }),
            Event::GeneralRef(entity) if !is_predefined(&entity) => {
                return Err(invalid(format!("undefined entity `&{};`", &*entity).into()));
            }
            Event::Text(text) if walk.open.is_empty() && !text.trim().is_empty() => {
                return Err(invalid("text outside of the root element".into()));
            }
            Event::Eof => return walk.finish(reader.buffer_position()),
            _ => {}
        }
        buffer.clear();
    }
}

fn is_predefined(entity: &str) -> bool {
    entity.starts_with('#') || ["amp", "lt", "gt", "quot", "apos"].contains(&entity)
}

/// An open element.
enum Frame {
    Suite(Box<Suite>),
    Case(Case),
    Other(String),
}

#[derive(Default)]
struct Suite {
    element: String,
    name: String,
    stated: Vec<(&'static str, String)>,
    /// What stands directly in it.
    direct: Counters,
    /// That, and what stands in the suites within.
    total: Counters,
    /// Cases that a runner such as gtest lists although it did not run them.
    disabled: u64,
}

struct Case {
    counters: Counters,
    disabled: bool,
}

#[derive(Default)]
struct Walk {
    open: Vec<Frame>,
    result: Option<Counters>,
}

impl Walk {
    fn open(&mut self, element: &BytesStart<'_>, offset: u64) -> Result<(), JunitError> {
        let local = element.local_name();
        let name: &str = local.as_ref();
        if self.open.is_empty() {
            self.admit_root(name)?;
        }
        if self.open.len() >= MAX_DEPTH {
            return Err(JunitError::NotJunit {
                reason: format!("it is nested deeper than {MAX_DEPTH}"),
            });
        }
        let frame = match (name, self.open.last_mut()) {
            ("testsuites" | "testsuite", None | Some(Frame::Suite(_))) => {
                Frame::Suite(Box::new(suite(element, offset)?))
            }
            ("testcase", Some(Frame::Suite(_))) => {
                let status = attribute(element, "status", offset)?;
                Frame::Case(case(status.as_deref()))
            }
            // A suite or a case anywhere else would be one that is not counted.
            ("testsuites" | "testsuite" | "testcase", _) => {
                return Err(JunitError::NotJunit {
                    reason: format!("`<{name}>` stands inside another element than a suite"),
                });
            }
            (_, Some(Frame::Case(case))) => {
                // Several failures of one case are one failed case.
                match name {
                    "failure" => case.counters.failures = 1,
                    "error" => case.counters.errors = 1,
                    "skipped" => case.counters.skipped = 1,
                    _ => {}
                }
                Frame::Other(name.to_owned())
            }
            (_, Some(Frame::Suite(suite))) => {
                // A suite that could not even start.
                suite.direct.errors += u64::from(name == "error" || name == "failure");
                Frame::Other(name.to_owned())
            }
            _ => Frame::Other(name.to_owned()),
        };
        self.open.push(frame);
        Ok(())
    }

    fn admit_root(&self, name: &str) -> Result<(), JunitError> {
        if self.result.is_some() {
            return Err(JunitError::NotJunit {
                reason: "something follows the root element".to_owned(),
            });
        }
        if !matches!(name, "testsuites" | "testsuite") {
            return Err(JunitError::NotJunit {
                reason: format!("its root is `<{name}>`"),
            });
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), JunitError> {
        let closed = self.open.pop();
        match (closed, self.open.last_mut()) {
            (Some(Frame::Case(case)), Some(Frame::Suite(suite))) => {
                let disabled = case.disabled && case.counters.skipped == 0;
                suite.disabled += u64::from(disabled);
                suite.direct = suite.direct.plus(case.counters);
            }
            (Some(Frame::Suite(suite)), parent) => {
                let (total, disabled) = (suite.finish()?, suite.disabled);
                match parent {
                    Some(Frame::Suite(parent)) => {
                        parent.total = parent.total.plus(total);
                        parent.disabled += disabled;
                    }
                    _ => {
                        self.result = Some(Counters {
                            skipped: total.skipped + disabled,
                            ..total
                        });
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn finish(self, offset: u64) -> Result<Counters, JunitError> {
        match (self.open.last(), self.result) {
            (Some(frame), _) => Err(JunitError::Truncated {
                offset,
                element: match frame {
                    Frame::Suite(suite) => suite.element.clone(),
                    Frame::Case(_) => "testcase".to_owned(),
                    Frame::Other(name) => name.clone(),
                },
            }),
            (None, Some(counters)) => Ok(counters),
            (None, None) => Err(JunitError::NotJunit {
                reason: "it is empty".to_owned(),
            }),
        }
    }
}

impl Suite {
    /// Compares what the suite says with what stands in it. Runners differ in whether the counters
    /// of an outer suite include the inner ones, so either is right.
    fn finish(&self) -> Result<Counters, JunitError> {
        let total = self.total.plus(self.direct);
        for (counter, stated) in &self.stated {
            let counted = total.get(counter).unwrap_or_default();
            let direct = self.direct.get(counter).unwrap_or_default();
            let number: Option<u64> = stated.trim().parse().ok();
            let with_disabled = (*counter == "skipped").then_some(counted + self.disabled);
            if number.is_none() || ![Some(counted), Some(direct), with_disabled].contains(&number) {
                return Err(JunitError::CountersDiffer {
                    name: self.name.chars().take(80).collect(),
                    counter,
                    stated: stated.chars().take(20).collect(),
                    counted,
                });
            }
        }
        Ok(total)
    }
}

/// A case that a runner says this about; what stands in it is counted as well.
fn case(status: Option<&str>) -> Case {
    let failed = matches!(status, Some("fail" | "failed" | "error" | "broken"));
    Case {
        counters: Counters {
            tests: 1,
            failures: failed.into(),
            ..Counters::default()
        },
        disabled: matches!(status, Some("notrun" | "disabled" | "skipped")),
    }
}

fn suite(element: &BytesStart<'_>, offset: u64) -> Result<Suite, JunitError> {
    let local: &str = element.local_name().into_inner();
    let mut suite = Suite {
        element: local.to_owned(),
        name: attribute(element, "name", offset)?.unwrap_or_else(|| local.to_owned()),
        ..Suite::default()
    };
    for counter in ["tests", "failures", "errors", "skipped"] {
        if let Some(stated) = attribute(element, counter, offset)? {
            suite.stated.push((counter, stated));
        }
    }
    Ok(suite)
}

fn attribute(
    element: &BytesStart<'_>,
    name: &str,
    offset: u64,
) -> Result<Option<String>, JunitError> {
    let invalid =
        |source: Box<dyn std::error::Error + Send + Sync>| JunitError::Invalid { offset, source };
    let mut found = None;
    for attribute in element.attributes() {
        let attribute = attribute.map_err(|e| invalid(e.into()))?;
        if attribute.key.as_ref() == name {
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|e| invalid(e.into()))?;
            found = Some(value.into_owned());
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
