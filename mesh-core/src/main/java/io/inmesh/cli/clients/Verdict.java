package io.inmesh.cli.clients;

/** Whether calls of a client go by the mesh; the worst first. */
enum Verdict {
    NOT_CARRIED("not carried"),
    CARRIED_IF("carried if"),
    CARRIED("carried");

    private final String text;

    Verdict(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
