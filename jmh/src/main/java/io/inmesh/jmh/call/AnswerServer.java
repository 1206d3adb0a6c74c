package io.inmesh.jmh.call;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardThreadExecutor;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http2.Http2Protocol;

/**
 * Tomcat with 20 ports, each for HTTP/1.1 and for HTTP/2 with prior knowledge. It reads what is sent to it and answers
 * {@code /N} with N bytes. It is told to count by a line on the standard input, and ends with that.
 */
final class AnswerServer {
    static final int PORTS = 20;

    /** Before the ports, in the first line that it prints. */
    static final String READY = "ports: ";

    private static final int MOST_BYTES = 1 << 20;

    private AnswerServer() {}

    /** Serves until the standard input ends; answers each line there with the number of connections so far. */
    static void serve() throws Exception {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(System.getProperty("java.io.tmpdir"));
        StandardThreadExecutor threads = new StandardThreadExecutor();
        threads.setName("threads");
        tomcat.getService().addExecutor(threads);
        for (int i = 0; i < PORTS; i++) {
            tomcat.getService().addConnector(connector());
        }
        Answers answers = new Answers();
        Context root = tomcat.addContext("", new File(".").getAbsolutePath());
        Tomcat.addServlet(root, "answers", answers);
        root.addServletMapping("/*", "answers");
        tomcat.start();
        System.out.println(READY
                + Arrays.stream(tomcat.getService().findConnectors())
                        .map(connector -> String.valueOf(connector.getLocalPort()))
                        .collect(Collectors.joining(" ")));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (in.readLine() != null) {
            System.out.println(answers.connections.size());
        }
        System.exit(0);
    }

    private static Connector connector() {
        Connector connector = new Connector();
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        connector.setProperty("executor", "threads");
        connector.setProperty("maxKeepAliveRequests", "-1");
        connector.addUpgradeProtocol(new Http2Protocol());
        return connector;
    }

    private static final class Answers extends HttpServlet {
        private static final long serialVersionUID = 1L;

        private final transient Set<String> connections = ConcurrentHashMap.newKeySet();
        private final byte[] bytes = new byte[MOST_BYTES];

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            connections.add(request.getServletConnection().getConnectionId());
            byte[] read = new byte[1 << 14];
            try (InputStream in = request.getInputStream()) {
                while (in.read(read) >= 0) {
                    continue;
                }
            }
            int length = Integer.parseInt(request.getRequestURI().substring(1));
            response.setContentLength(length);
            response.getOutputStream().write(bytes, 0, length);
        }
    }
}
