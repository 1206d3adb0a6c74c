package mockwebserver3;

/** Is in the signatures of the tests; 4.12 has nothing like it. */
public interface SocketHandler {}
