package okio;

/** Is in the signatures of the tests; the okio of 4.12 has nothing like it. */
public interface Socket {}
