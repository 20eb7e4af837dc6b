using LlamaProvider.Models.Gguf;
using Xunit;

namespace LlamaProvider.Tests.Models.Gguf;

public class FileSignatureTests : GgufTestBase
{
    public static TheoryData<string, string> Signatures => new()
    {
        {
            "76657273696F6E2068747470733A2F2F6769742D6C66732E6769746875622E636F6D2F737065632F7631",
            "it is a Git LFS pointer, not the model it points to. Run 'git lfs pull' in the repository, or download the file itself."
        },
        {
            "504B030414",
            "it is a ZIP archive or a PyTorch checkpoint, not a GGUF file. Extract the GGUF file, or convert the checkpoint with llama.cpp."
        },
        { "1F8B08", "it is a compressed archive, not a GGUF file. Extract the GGUF file first." },
        { "377ABCAF271C", "it is a compressed archive, not a GGUF file. Extract the GGUF file first." },
        { "28B52FFD04", "it is a compressed archive, not a GGUF file. Extract the GGUF file first." },
        { "80027D71", "it is a Python pickle, not a GGUF file. Convert the checkpoint with llama.cpp." },
        {
            "10000000000000007B225F5F6D65746164617461",
            "it is a safetensors file, not a GGUF file. Download a GGUF version of the model, or convert it with llama.cpp."
        },
        { "746A6767030000", "it is a GGML file from before GGUF. Download a GGUF version of the model." },
        {
            "0A3C21444F43545950452068746D6C3E",
            "it is a web page, not a GGUF file: the address it was downloaded from shows or protects the model. Download the file itself."
        },
        { "7B226572726F72223A", "it is a JSON document, not a GGUF file. Download the model file itself." },
        { "0000000000000000", "it starts with zeros: the download reserved its space and did not finish. Download it again." },
        { "476755462E", "it does not start with 'GGUF' but with the bytes 47675546. Choose a GGUF file, or download it again." },
        { "47", "it does not start with 'GGUF' but with the bytes 47. Choose a GGUF file, or download it again." },
    };

    [Theory]
    [MemberData(nameof(Signatures))]
    public void Validate_OtherFormat_NamesIt(string bytes, string problem) => AssertRefused(Write(Convert.FromHexString(bytes)), problem);

    [Fact]
    public void Describe_AnyBytes_DoesNotThrow()
    {
        var random = new Random(1);
        for (var i = 0; i < 10_000; i++)
        {
            var bytes = new byte[random.Next(1, 20)];
            random.NextBytes(bytes);
            Assert.NotEmpty(FileSignature.Describe(bytes));
        }
    }
}
