package io.inmesh.servlet;

import io.inmesh.console.Console;
import io.inmesh.console.ConsoleAnswer;
import io.inmesh.servlet.internal.console.EventStreams;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The {@link Console} as a servlet, to be mapped to a path and all below it, such as {@code /mesh/*}, with async support. It asks
 * nobody who they are: a filter in front of it, or a port that only some reach, decides who sees it. Requests of which a browser
 * says that they are of pages of other sites ({@code Sec-Fetch-Site}) are refused; a name that its owner binds to this server's
 * address (DNS rebinding) is not noticed.
 *
 * <p>At most 20 readers are sent events at a time; further ones are refused with 503, and the page then asks once in a while
 * instead. A reader that takes nothing in for ten seconds is dropped, and all of them are when the servlet is destroyed,
 * which closes the console too.
 */
public final class ConsoleServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    private static final int MOST_STREAMS = 20;
    private static final String EVENTS = "api/events";

    private final transient Console console;
    private final Duration pause;
    private transient volatile @Nullable EventStreams streams;

    /** Makes a servlet. */
    public ConsoleServlet(Console console) {
        this(console, Duration.ofSeconds(1));
    }

    /** @param pause between two times that events are sent */
    ConsoleServlet(Console console, Duration pause) {
        this.console = console;
        this.pause = pause;
    }

    @Override
    public void init() {
        streams = new EventStreams(MOST_STREAMS, pause);
    }

    @Override
    public void destroy() {
        EventStreams open = streams;
        if (open != null) {
            open.close();
        }
        console.close();
    }

    /** Readers of events at this moment. */
    int readers() {
        EventStreams open = streams;
        return open == null ? 0 : open.size();
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String info = request.getPathInfo();
        if (info == null) {
            toFolder(request, response);
            return;
        }
        String path = info.substring(1);
        if (path.startsWith("api/") && isOfAnotherSite(request)) {
            send(request, response, console.refused(403, "the console answers its own pages only"));
        } else if (path.equals(EVENTS) && request.getMethod().equals("GET")) {
            events(request, response);
        } else {
            send(request, response, console.answer(request.getMethod(), path, query(request)));
        }
    }

    /** The page's addresses are relative to its folder, whatever stands in front of this server. */
    private static void toFolder(HttpServletRequest request, HttpServletResponse response) {
        String uri = request.getRequestURI();
        response.setStatus(HttpServletResponse.SC_FOUND);
        response.setHeader("Location", uri.substring(uri.lastIndexOf('/') + 1) + "/");
    }

    private static boolean isOfAnotherSite(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        return site != null && (site.equals("cross-site") || site.equals("same-site"));
    }

    private static Map<String, List<String>> query(HttpServletRequest request) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        request.getParameterMap().forEach((name, values) -> query.put(name, List.of(values)));
        return query;
    }

    private static void send(HttpServletRequest request, HttpServletResponse response, ConsoleAnswer answer)
            throws IOException {
        response.setStatus(answer.status());
        answer.headers().forEach(response::setHeader);
        byte[] body = answer.body();
        response.setContentLength(body.length);
        if (!request.getMethod().equals("HEAD")) {
            ServletOutputStream out = response.getOutputStream();
            out.write(body);
        }
    }

    private void events(HttpServletRequest request, HttpServletResponse response) throws IOException {
        EventStreams open = streams;
        if (open == null || !open.reserve()) {
            send(request, response, console.refused(503, "as many as may are listening already"));
            return;
        }
        AsyncContext context;
        try {
            response.setStatus(HttpServletResponse.SC_OK);
            console.eventHeaders().forEach(response::setHeader);
            context = request.startAsync(request, response);
        } catch (RuntimeException noAsync) {
            open.unreserve();
            throw noAsync;
        }
        try {
            open.open(context, console.events());
        } catch (IOException | RuntimeException notBegun) {
            response.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
            context.complete();
            throw notBegun;
        }
    }
}
