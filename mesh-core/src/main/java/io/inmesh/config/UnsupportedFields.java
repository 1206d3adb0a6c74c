package io.inmesh.config;

/** What a reader of rules does about fields of a rule that Istio executes and this version of InMesh does not. */
public enum UnsupportedFields {
    /** Each is an error, and an object with such a field is refused whole. */
    REFUSE_ALL,
    /**
     * Each costs the least that is safe. A field that only protects is left out with a warning. One that decides who is
     * called, with which identity or how secretly is an error; the rest of its object is in force, and calls that would
     * not be safe to send without the field are refused one by one.
     */
    SENSIBLE,
    /** Each is left out with a warning, and calls are sent without it, in plaintext where it asks for TLS. */
    WARN
}
