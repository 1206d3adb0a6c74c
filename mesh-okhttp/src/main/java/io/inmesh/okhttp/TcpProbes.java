package io.inmesh.okhttp;

import io.inmesh.call.ConnectionSettings.TcpKeepalive;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketOption;
import jdk.net.ExtendedSocketOptions;

/** Has the operating system probe an idle connection. */
final class TcpProbes {
    private TcpProbes() {}

    /** Sets what the system can be told; the rest, and what is not given, stays as the system has it. */
    static void set(Socket socket, TcpKeepalive keepalive) throws IOException {
        socket.setKeepAlive(true);
        try {
            set(socket, ExtendedSocketOptions.TCP_KEEPCOUNT, keepalive.probes());
            set(socket, ExtendedSocketOptions.TCP_KEEPIDLE, keepalive.timeSeconds());
            set(socket, ExtendedSocketOptions.TCP_KEEPINTERVAL, keepalive.intervalSeconds());
        } catch (NoClassDefFoundError withoutModule) {
            // A runtime image without jdk.net: as the system has it.
        }
    }

    private static void set(Socket socket, SocketOption<Integer> option, int value) throws IOException {
        if (value > 0 && socket.supportedOptions().contains(option)) {
            socket.setOption(option, value);
        }
    }
}
