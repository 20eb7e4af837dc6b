namespace LlamaProvider.Decoding.Constraints.Grammar.Compilation;

/// <summary>Tarjan, "Depth-First Search and Linear Graph Algorithms" (1972), without recursion.</summary>
internal static class StrongComponents
{
    /// <summary>The sets of nodes that reach each other; a set comes after those that it leads to.</summary>
    /// <param name="edges">Where each node leads.</param>
    public static List<int[]> Find(int[][] edges)
    {
        var components = new List<int[]>();
        int[] index = new int[edges.Length];
        int[] low = new int[edges.Length];
        int[] nextEdge = new int[edges.Length];
        bool[] isOpen = new bool[edges.Length];
        var open = new Stack<int>();
        var path = new Stack<int>();
        int visited = 0;
        for (int root = 0; root < edges.Length; root++)
        {
            if (index[root] == 0)
            {
                Enter(root);
            }

            while (path.TryPeek(out int node))
            {
                if (nextEdge[node] < edges[node].Length)
                {
                    int target = edges[node][nextEdge[node]++];
                    if (index[target] == 0)
                    {
                        Enter(target);
                    }
                    else if (isOpen[target])
                    {
                        low[node] = Math.Min(low[node], index[target]);
                    }
                }
                else
                {
                    Leave(path.Pop());
                }
            }
        }

        return components;

        void Enter(int node)
        {
            index[node] = low[node] = ++visited;
            isOpen[node] = true;
            open.Push(node);
            path.Push(node);
        }

        void Leave(int node)
        {
            if (path.TryPeek(out int parent))
            {
                low[parent] = Math.Min(low[parent], low[node]);
            }

            if (low[node] == index[node])
            {
                var component = new List<int>();
                int member;
                do
                {
                    member = open.Pop();
                    isOpen[member] = false;
                    component.Add(member);
                }
                while (member != node);
                components.Add([.. component]);
            }
        }
    }
}
