package io.inmesh.servlet.console;

import io.inmesh.Mesh;
import io.inmesh.call.AttemptTraffic;
import io.inmesh.call.SimpleRequestHead;
import io.inmesh.console.CallStatistics;
import io.inmesh.console.Console;
import io.inmesh.endpoint.Endpoint;
import io.inmesh.event.Outcome;
import io.inmesh.observe.CallObservation;
import io.inmesh.observe.EndedAttempt;
import io.inmesh.observe.EndedCall;
import io.inmesh.observe.StartedAttempt;
import io.inmesh.observe.StartedCall;
import io.inmesh.servlet.ConsoleServlet;
import io.inmesh.servlet.testing.ContainerKind;
import io.inmesh.servlet.testing.ServletContainer;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A console in Tomcat that can be started again, lose its readers, and refuse to answer. */
final class UnsteadyConsole implements AutoCloseable {
    private static final String CLUSTER = "outbound|9080||%s.default.svc.cluster.local";

    private final Mesh mesh = Mesh.builder().build();
    private final ServletContainer container;
    private CallStatistics statistics = new CallStatistics();
    private volatile ConsoleServlet servlet = console();
    private volatile boolean refuses;

    UnsteadyConsole() throws Exception {
        container = ContainerKind.TOMCAT
                .container()
                .servlet("/mesh/*", new HttpServlet() {
                    private static final long serialVersionUID = 1;

                    @Override
                    public void init() {
                        servlet.init();
                    }

                    @Override
                    public void destroy() {
                        servlet.destroy();
                    }

                    @Override
                    protected void service(HttpServletRequest request, HttpServletResponse response)
                            throws ServletException, IOException {
                        if (refuses) {
                            response.setStatus(503);
                            response.getWriter().print("{\"error\":\"later\"}");
                        } else {
                            servlet.service((jakarta.servlet.ServletRequest) request, response);
                        }
                    }
                })
                .start();
    }

    private ConsoleServlet console() {
        return new ConsoleServlet(
                Console.builder(mesh, statistics).name("unsteady").build());
    }

    String url() {
        return "http://127.0.0.1:" + container.port() + "/mesh/";
    }

    /** With 503 from now on, or no more; readers of events stay. */
    void refuses(boolean newRefuses) {
        refuses = newRefuses;
    }

    /** As when the process is: nothing was counted yet. */
    void restart() {
        ConsoleServlet before = servlet;
        statistics = new CallStatistics();
        ConsoleServlet next = console();
        next.init();
        servlet = next;
        before.destroy();
    }

    /** Ends all streams of events, as a proxy between does. */
    void dropReaders() {
        servlet.destroy();
        servlet.init();
    }

    /** A call as the mesh tells of it. */
    void call(String service, String version, String path, int status) {
        CallObservation call = statistics.callStarted(new StartedCall(
                SimpleRequestHead.of("GET", "http://" + service + ":9080" + path, Map.of()),
                StartedCall.Handling.FORWARDED,
                "",
                "",
                CLUSTER.formatted(service)));
        Endpoint endpoint = Endpoint.builder(version, "10.0.0.1", 9080)
                .labels(Map.of("version", version))
                .build();
        List<?> unused = call.attemptStarted(new StartedAttempt(1, endpoint, service, path, new AttemptTraffic()));
        call.attemptEnded(new EndedAttempt(1, endpoint, new Outcome.Responded(status), 1000, 1000));
        call.ended(new EndedCall(status, null, 1, 1000));
    }

    @Override
    public void close() {
        container.close();
        mesh.close();
    }
}
