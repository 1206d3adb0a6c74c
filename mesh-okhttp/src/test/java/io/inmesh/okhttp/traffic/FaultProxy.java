package io.inmesh.okhttp.traffic;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A way to a server on which things go wrong, as the network would have it: what the server sends comes late, stops coming,
 * or ends early. Requests always get through. Two threads a connection.
 */
final class FaultProxy implements AutoCloseable {
    /**
     * What happens to the bytes of answers on a connection.
     *
     * @param kind what happens
     * @param bytes after how many, counted from the beginning of each answer that follows a request
     * @param delayMillis that everything comes late, whatever the kind
     */
    record Fault(Kind kind, int bytes, long delayMillis) {
        /** Nothing goes wrong. */
        static final Fault NONE = new Fault(Kind.NONE, 0, 0);

        static Fault delay(long millis) {
            return new Fault(Kind.NONE, 0, millis);
        }

        /** The connection is closed in the middle of an answer. */
        static Fault truncate(int bytes) {
            return new Fault(Kind.FIN, bytes, 0);
        }

        static Fault reset(int bytes) {
            return new Fault(Kind.RST, bytes, 0);
        }

        /** Nothing comes any more, and the connection stays, as with a process that is stopped. */
        static Fault stall(int bytes) {
            return new Fault(Kind.STALL, bytes, 0);
        }
    }

    /** What happens. */
    enum Kind {
        NONE,
        FIN,
        RST,
        STALL
    }

    private final InetAddress address;
    private final int target;
    private final ServerSocket listener;
    private final Thread acceptor;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Fault fault = Fault.NONE;

    /** A way to a server at 127.0.0.1, from another port there. */
    FaultProxy(int target) throws IOException {
        this.address = InetAddress.getByName("127.0.0.1");
        this.target = target;
        listener = new ServerSocket(0, 200, address);
        acceptor = daemon(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** What happens to answers that have not begun yet. */
    void fault(Fault newFault) {
        fault = newFault;
    }

    private Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "fault-proxy");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void accept() {
        try {
            while (true) {
                Socket caller = listener.accept();
                Socket server = new Socket(address, target);
                open.add(caller);
                open.add(server);
                caller.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                Answers answers = new Answers(caller, server);
                daemon(answers::requests);
                daemon(answers::run);
            }
        } catch (IOException over) {
            // Closed.
        }
    }

    /** What comes back on one connection. */
    private final class Answers {
        private final Socket caller;
        private final Socket server;
        private int passed;

        Answers(Socket caller, Socket server) {
            this.caller = caller;
            this.server = server;
        }

        void requests() {
            byte[] buffer = new byte[8192];
            try {
                InputStream in = caller.getInputStream();
                OutputStream out = server.getOutputStream();
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    synchronized (this) {
                        passed = 0;
                    }
                    out.write(buffer, 0, n);
                }
                server.shutdownOutput();
            } catch (IOException over) {
                end(server);
            }
        }

        void run() {
            byte[] buffer = new byte[8192];
            try {
                InputStream in = server.getInputStream();
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    if (!pass(buffer, n)) {
                        return;
                    }
                }
                end(caller);
            } catch (IOException over) {
                end(caller);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** Whether there is more to come. */
        private boolean pass(byte[] buffer, int n) throws IOException, InterruptedException {
            Fault now = fault;
            if (now.delayMillis() > 0 && closed.await(now.delayMillis(), TimeUnit.MILLISECONDS)) {
                return false;
            }
            int allowed = n;
            boolean broken = false;
            synchronized (this) {
                if (now.kind() != Kind.NONE && passed + n > now.bytes()) {
                    allowed = Math.max(0, now.bytes() - passed);
                    broken = true;
                }
                passed += allowed;
            }
            caller.getOutputStream().write(buffer, 0, allowed);
            if (!broken) {
                return true;
            }
            if (now.kind() != Kind.STALL) {
                if (now.kind() == Kind.RST) {
                    caller.setSoLinger(true, 0);
                }
                end(caller);
                end(server);
            }
            return false;
        }

        private void end(Socket socket) {
            open.remove(socket);
            try {
                socket.close();
            } catch (IOException over) {
                // As wanted.
            }
        }
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        listener.close();
        try {
            acceptor.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Socket socket : open) {
            socket.close();
        }
    }
}
