package io.inmesh.internal.text;

/** Hears of the documents of texts as they are read, so that nobody has to read them again. */
public interface DocumentListener {
    /** Hears nothing. */
    DocumentListener NONE = new DocumentListener() {
        @Override
        public void document(String source, Tree document) {}

        @Override
        public void broken(String source) {}
    };

    /** A document was read. */
    void document(String source, Tree document);

    /** A part of a text is no YAML, or too much is wrong with it: no more documents of it come. */
    void broken(String source);
}
