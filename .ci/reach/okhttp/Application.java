package reach;

import io.inmesh.Mesh;
import io.inmesh.config.source.FileConfigSource;
import io.inmesh.okhttp.MeshInterceptor;
import io.inmesh.okhttp.MeshOkHttp;
import java.nio.file.Path;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** An OkHttpClient of the application's own, beside the version of OkHttp that the application has. */
public class Application {
    public static void main(String[] arguments) throws Exception {
        Path rules = Path.of(Application.class.getResource("/mesh/orders.yaml").toURI()).getParent();
        try (Mesh mesh = Mesh.builder().config(FileConfigSource.builder(rules).build()).build()) {
            OkHttpClient built = MeshOkHttp.builder(mesh).build();
            OkHttpClient added = new OkHttpClient.Builder().addInterceptor(new MeshInterceptor(mesh)).build();
            Ways.mesh("okhttp", "MeshOkHttp.builder(mesh)", path -> get(built, path));
            Ways.mesh("okhttp", "addInterceptor(new MeshInterceptor(mesh))", path -> get(added, path));
        }
        System.exit(0);
    }

    private static String get(OkHttpClient client, String path) throws Exception {
        try (Response response = client.newCall(new Request.Builder().url("http://orders" + path).build()).execute()) {
            return response.body().string();
        }
    }
}
