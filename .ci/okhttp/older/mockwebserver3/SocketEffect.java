package mockwebserver3;

/** What the tests use of the test server of OkHttp 5, on that of OkHttp 4.12. */
public interface SocketEffect {
    final class CloseSocket implements SocketEffect {}

    final class CloseStream implements SocketEffect {
        final int code;

        public CloseStream(int code) {
            this.code = code;
        }
    }

    final class ShutdownConnection implements SocketEffect {
        public static final ShutdownConnection INSTANCE = new ShutdownConnection();
    }

    final class Stall implements SocketEffect {
        public static final Stall INSTANCE = new Stall();
    }
}
